"""A contract drafted from a dnsmasq.conf: what each line gives, and what no line does."""

from __future__ import annotations

from ipaddress import IPv4Interface
from pathlib import Path

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.server.dnsmasq.draft import drafted
from edgeboot.spec.manifests.deployment import ServerConfig
from edgeboot.spec.manifests.network import NodeInterface

RANGE = "dhcp-range=192.168.99.100,192.168.99.200,12h"
EDGE = NodeInterface("ens3", IPv4Interface("192.168.99.10/24"))


def draft(*lines: str) -> dict[str, str]:
    """The terms drafted from these lines, by name."""
    config = ServerConfig("\n".join(("port=0", *lines)), Path("site.conf"), "")
    return {term.name: term.value for term in drafted(config, EDGE).terms}


@pytest.mark.parametrize(
    "line,term,value",
    [
        ("dhcp-authoritative", "authoritative", "true"),
        ("dhcp-ignore-clid", "addresses_per_boot", "1"),
        ("dhcp-rapid-commit", "rapid_commit", "true"),
        ("dhcp-option=3", "routers", "[]"),
        ("dhcp-option=option:router,192.168.99.1", "routers", '["192.168.99.1"]'),
        (
            "dhcp-option=option:dns-server,192.168.99.1",
            "options",
            '{ allowed = [1, 3, 6, 28, 51, 53, 54, 58, 59], 6 = ["192.168.99.1"] }',
        ),
        (
            "dhcp-option=121,10.9.0.0/24,192.168.99.1",
            "options",
            '{ allowed = [1, 3, 28, 51, 53, 54, 58, 59, 121], 121 = ["10.9.0.0/24 via 192.168.99.1"] }',
        ),
        ("dhcp-boot=a.efi,boot,192.168.99.40", "next_server", '"192.168.99.40"'),
        ("dhcp-boot=a.efi,boot,192.168.99.40", "bootfile", '"a.efi"'),
        ("dhcp-boot=a.efi,,192.168.99.40", "server_name", '""'),
        ("dhcp-boot=a.efi", "next_server", '"192.168.99.10"'),
        (
            "dhcp-host=02:de:ad:00:00:01,node-a,192.168.99.21,infinite",
            "reservations",
            '[{ mac = "02:de:ad:00:00:01", address = "192.168.99.21", name = "node-a" }]',
        ),
        (
            "dhcp-host=id:ff:12:34,192.168.99.22,1h",
            "reservations",
            '[{ client_id = "ff:12:34", address = "192.168.99.22" }]',
        ),
    ],
)
def test_line_gives_a_term(line: str, term: str, value: str) -> None:
    """Each directive that decides a term is read as dnsmasq reads it."""
    assert draft(RANGE, line)[term] == value


def test_boot_file_is_that_of_the_client_whose_tags_apply() -> None:
    """The draft is for nodes that boot by EDK2's PXE client: another architecture's line does not count."""
    terms = draft(
        RANGE,
        "dhcp-match=set:bios,option:client-arch,0",
        "dhcp-match=set:efi,option:client-arch,7",
        "dhcp-boot=tag:bios,undionly.kpxe",
        "dhcp-boot=tag:efi,ipxe.efi",
    )
    assert terms["bootfile"] == '"ipxe.efi"'


def test_boot_file_is_that_of_the_first_firmware_that_boots() -> None:
    """Where EDK2 on x86-64 boots nothing, the suite's nodes boot as another, whose file this is."""
    match = "dhcp-match=set:bios,option:client-arch,0"
    terms = draft(RANGE, match, "dhcp-boot=tag:bios,pxelinux.0,boot,192.168.99.40")
    assert terms["boots.edk2-pxe-x86-64"].startswith("{ nothing = ")
    assert (terms["bootfile"], terms["next_server"]) == ('"pxelinux.0"', '"192.168.99.40"')


def test_server_s_own_address_is_no_part_of_the_pool() -> None:
    """dnsmasq leases no address of its own, wherever its range begins and ends."""
    pool = draft("dhcp-range=192.168.99.2,192.168.99.254")["pool"]
    assert pool == '[{ first = "192.168.99.2", last = "192.168.99.254", except = ["192.168.99.10"] }]'


@pytest.mark.parametrize("line,time", [("10", '"2m"'), ("90m", '"1h30m"'), ("7260", '"2h1m"')])
def test_lease_time_is_what_dnsmasq_grants(line: str, time: str) -> None:
    """Never less than two minutes."""
    assert draft(f"dhcp-range=192.168.99.100,192.168.99.200,{line}")["lease_time"] == time


@pytest.mark.parametrize("line", ["dhcp-host=02:de:ad:00:00:01,ignore", "dhcp-host=*:*:*:*:*:*,set:x"])
def test_line_of_no_single_address_reserves_nothing(line: str) -> None:
    """A tag or a refusal is no reservation."""
    assert "reservations" not in draft(RANGE, line)


def test_config_without_a_range_of_the_segment_is_refused() -> None:
    """A pool of another network is for relays."""
    with pytest.raises(UsageError, match=r"has no dhcp-range in 192\.168\.99\.0/24"):
        draft("dhcp-range=10.1.1.5,10.1.1.9")


HOST = "dhcp-host=02:de:ad:00:00:01,192.168.99.21"


@pytest.mark.parametrize(
    "lines",
    [
        (RANGE, "dhcp-ignore=tag:!known"),
        (RANGE, "dhcp-ignore=#known"),
        ("dhcp-range=tag:known,192.168.99.100,192.168.99.200,12h",),
        ("dhcp-range=192.168.99.0,static,12h",),
        ("dhcp-range=192.168.99.0,static,255.255.255.0,12h",),
    ],
    ids=" ".join,
)
def test_server_of_known_machines_is_drafted_as_such(lines: tuple[str, ...]) -> None:
    """By whichever line it leaves unknown machines alone; the pool is that of the reservations."""
    terms = draft(*lines, HOST)
    assert (terms["known_clients_only"], "pool" in terms, terms["lease_time"]) == ("true", False, '"12h"')
    assert "192.168.99.21" in terms["reservations"]


@pytest.mark.parametrize("line", ["dhcp-ignore=tag:bios", "dhcp-ignore=tag:known", HOST])
def test_server_of_unknown_machines_is_not_drafted_as_one_of_known_ones(line: str) -> None:
    """A refusal of some machines is none of all that are unknown."""
    assert "known_clients_only" not in draft(RANGE, line)


def test_config_that_serves_nobody_is_refused() -> None:
    """Nobody could boot: no contract states that."""
    with pytest.raises(UsageError, match="serves nobody"):
        draft(RANGE, "dhcp-ignore=tag:!known")


def test_machine_with_a_boot_file_of_its_own_is_drafted_with_it() -> None:
    """By the tag of its dhcp-host line."""
    boot = ("dhcp-boot=a.efi", "dhcp-boot=tag:rescue,rescue.efi")
    terms = draft(RANGE, "dhcp-host=02:de:ad:00:00:01,set:rescue,192.168.99.21", *boot)
    assert 'bootfile = "rescue.efi"' in terms["reservations"]


@pytest.mark.parametrize(
    "line", ["dhcp-host=02:de:ad:00:00:01,02:de:ad:00:00:02,192.168.99.21", "dhcp-host=a,1h"]
)
def test_line_that_no_reservation_can_state_is_named(line: str) -> None:
    """A person has to know what the draft does not say."""
    [note] = drafted(ServerConfig(f"{RANGE}\n{line}", Path("site.conf"), ""), EDGE).notes
    assert f"line 2: {line}" in note


RACK = "dhcp-range=set:rack,192.168.50.100,192.168.50.200,255.255.255.0,12h"


def test_network_behind_a_relay_is_drafted_with_what_its_tag_gives() -> None:
    """Its pool, its router and its boot data are not those of the segment."""
    terms = draft(
        RANGE,
        RACK,
        "dhcp-option=tag:rack,option:router,192.168.50.1",
        "dhcp-boot=a.efi,,192.168.99.40",
        "dhcp-boot=tag:rack,rack.efi,rack,192.168.50.40",
    )
    assert terms["relay_networks"] == '["192.168.99.0/24", "192.168.50.0/24"]'
    assert terms["relayed"] == (
        '[{ network = "192.168.50.0/24", pool = [{ first = "192.168.50.100", last = "192.168.50.200" }], '
        'routers = ["192.168.50.1"], next_server = "192.168.50.40", bootfile = "rack.efi" }]'
    )
    assert terms["next_server"] == '"192.168.99.40"'


def test_network_without_lines_of_its_own_gets_what_all_get() -> None:
    """No router is stated without a line: dnsmasq then names one of that network."""
    relayed = draft(RANGE, RACK, "dhcp-boot=a.efi,,192.168.99.40")["relayed"]
    assert "routers" not in relayed
    assert 'next_server = "192.168.99.40", bootfile = "a.efi"' in relayed


@pytest.mark.parametrize("ignored,addresses", [("PXEClient", '"1"'), ("nothing", '"2"')])
def test_boot_of_machines_whose_system_is_left_alone_takes_one_address(ignored: str, addresses: str) -> None:
    """Firmware and iPXE share a lease; the system, which has a client identifier, takes another."""
    lines = (f"dhcp-vendorclass=set:pxe,{ignored}", "dhcp-ignore=tag:!pxe") if ignored == "PXEClient" else ()
    assert f'"{draft(RANGE, *lines)["addresses_per_boot"]}"' == addresses
