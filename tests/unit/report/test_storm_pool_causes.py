"""What is said of nodes that a server had no address for."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.server.dnsmasq.what_if import WHAT_IFS
from edgeboot.spec.manifests.deployment import ServerConfig
from tests.unit.report.test_storm_causes import CONFIG, NOTHING, logging, told

POOL = "dhcp-range=10.0.0.1,10.0.0.5,1h"
LINE = f"/srv/dnsmasq.conf:1 {POOL}"
WIDEN = f"5 of the 5 addresses in its pool went to nodes of this storm; to mend it, widen {LINE}"
KEPT = f"of this storm, which has not used it up; to mend it, see for whom {LINE} is"
WHOLE = ((IPv4Address("10.0.0.1"), IPv4Address("10.0.0.5")),)
RESERVED = ((IPv4Address("10.0.1.1"), IPv4Address("10.0.1.250")),)
IN_USE = "DHCPNAK(ens3) 10.0.0.2 02:eb:57:00:00:07 address in use"
NO_ADDRESS = "DHCPDISCOVER(ens3) 02:eb:57:00:00:07 no address available"


@pytest.mark.parametrize(
    "words,lines,expected",
    [
        (
            "DHCPDISCOVER(ens3) 02:eb:57:00:00:07 no address available",
            [POOL],
            f"for 1 DHCPDISCOVER: 0 of the 5 addresses in its pool went to nodes {KEPT}",
        ),
        (
            "DHCPDISCOVER(ens3) 02:eb:57:00:00:07 no address available",
            ["dhcp-range=10.0.0.0,static"],
            "for 1 DHCPDISCOVER; to mend it, add a dhcp-range to /srv/dnsmasq.conf",
        ),
        (
            "DHCPNAK(ens3) 10.0.0.2 02:eb:57:00:00:07 no leases left",
            ["dhcp-lease-max=20"],
            "since its lease database is full; to mend it, raise /srv/dnsmasq.conf:1 dhcp-lease-max=20",
        ),
        (
            "DHCPNAK(ens3) 10.0.0.2 02:eb:57:00:00:07 no leases left",
            [],
            "add dhcp-lease-max to /srv/dnsmasq.conf, without which dnsmasq keeps 1000 leases",
        ),
        (
            "DHCPDISCOVER(ens3) 02:eb:57:00:00:07 ignored",
            ["dhcp-ignore=tag:!known"],
            "see for whom /srv/dnsmasq.conf:1 dhcp-ignore=tag:!known is",
        ),
        (
            IN_USE,
            [POOL],
            "the server refused 1 DHCPREQUEST since another node had got the address meanwhile",
        ),
    ],
)
def test_the_servers_own_words_name_the_cause(words: str, lines: list[str], expected: str) -> None:
    """With the line to change, where one decides it."""
    config = ServerConfig("\n".join(lines), Path("/srv/dnsmasq.conf"), "")
    server = logging(f"dnsmasq-dhcp: 4711 {words}", "dnsmasq-dhcp: read /etc/ethers")
    [line] = told(replace(NOTHING, server=server), config)
    assert expected in line


def test_a_pool_that_is_used_up_is_to_be_widened() -> None:
    """Where nodes of the storm have its addresses: otherwise a tag may keep them from it."""
    server = logging(NO_ADDRESS, NO_ADDRESS)
    used_up = replace(NOTHING, bound=5, granted=WHOLE, server=server)
    [line] = told(used_up, replace(CONFIG, text=POOL))
    assert line == f"the server had no address for 2 DHCPDISCOVERs: {WIDEN}"


@pytest.mark.parametrize("words,ends", [(IN_USE, {"refused": 2}), (NO_ADDRESS, {"not_offered": 2})])
def test_a_pool_with_fewer_addresses_than_nodes_is_too_small(words: str, ends: dict[str, Any]) -> None:
    """Whether dnsmasq had none to offer, or had offered one to two nodes, of which its log says less."""
    short = replace(NOTHING, granted=WHOLE, server=logging(words, words), **ends)
    [line] = told(short, replace(CONFIG, text=POOL))
    assert "7 wanted one of its 5 addresses, and 5 got one" in line
    assert f"; to mend it, widen {LINE}" in line


def test_who_ignores_a_dhcpnak_is_counted_with_who_was_refused() -> None:
    """iPXE asks again until its patience ends."""
    ipxe = replace(NOTHING.rounds[0], client="ipxe-x86-64", not_acknowledged=2)
    short = replace(
        NOTHING, granted=WHOLE, rounds=(ipxe,), not_acknowledged=2, server=logging(*(IN_USE,) * 8)
    )
    [line] = told(short, replace(CONFIG, text=POOL))
    assert "7 wanted one of its 5 addresses, and 5 got one" in line


def test_a_pool_with_room_is_not_told_to_be_too_small() -> None:
    """Nodes that have the same first choice are refused all the same."""
    half = ((IPv4Address("10.0.0.1"), IPv4Address("10.0.0.3")),)
    collided = replace(NOTHING, granted=half, refused=2, server=logging(IN_USE, IN_USE))
    [line] = told(collided, replace(CONFIG, text=POOL))
    assert "chooses an address by a hash" in line
    assert "3 of the 5 addresses" in line


def test_both_are_told_where_addresses_are_left_of_too_small_a_pool() -> None:
    """A larger pool, and one of an address for each machine, mend one of them each."""
    half = ((IPv4Address("10.0.0.1"), IPv4Address("10.0.0.3")),)
    collided = replace(NOTHING, granted=half, refused=3, server=logging(*(IN_USE,) * 3))
    lines = told(collided, replace(CONFIG, text=POOL))
    assert ["too small" in line for line in lines] == [True, False]


def test_addresses_outside_of_the_pool_do_not_use_it_up() -> None:
    """Machines of a list have theirs elsewhere."""
    listed = replace(NOTHING, addresses=250, granted=RESERVED, refused=1, server=logging(IN_USE))
    [line] = told(listed, replace(CONFIG, text=POOL))
    assert "0 of the 5 addresses in its pool went to nodes of this storm" in line


def test_a_larger_pool_is_measured_where_the_network_has_room() -> None:
    """The range reaches to the end of its network."""
    config = replace(CONFIG, text="port=0\ndhcp-range=set:a,10.0.0.1,10.0.0.5,255.255.255.0,1h\n")
    widened = WHAT_IFS["larger-pool"].added_to(config)
    assert widened.text == "port=0\ndhcp-range=set:a,10.0.0.1,10.0.0.254,255.255.255.0,1h\n"
    short = replace(NOTHING, granted=WHOLE, refused=1, server=logging(IN_USE))
    [line] = told(short, config)
    assert line.endswith("(--what-if larger-pool measures it)")


@pytest.mark.parametrize(
    "line,problem",
    [
        ("dhcp-range=10.0.0.0,static", "has no dhcp-range to widen in /srv/dnsmasq.conf"),
        ("dhcp-range=10.0.0.1,10.0.0.254,255.255.255.0", "finds no address behind /srv/dnsmasq.conf:1"),
        (POOL, "does not widen /srv/dnsmasq.conf:1 .*: it has no netmask"),
    ],
)
def test_a_pool_that_cannot_be_widened_is_told(line: str, problem: str) -> None:
    """And what to do."""
    with pytest.raises(UsageError, match=f"--what-if larger-pool: {problem}"):
        WHAT_IFS["larger-pool"].added_to(replace(CONFIG, text=line))
