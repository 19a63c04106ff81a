"""The DHCP of a libvirt network, read from its XML, and the messages about it; needs no libvirtd."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.base.mac import MacAddress
from edgeboot.host.libvirt.connection import hint, without_questions
from edgeboot.host.libvirt.dhcp import NetworkState, RemovedDhcp
from edgeboot.host.libvirt.xml import (
    address_of,
    advertised_router_and_dns,
    owned_bridge,
    served,
    served_by_both,
    unrestorable_element,
)
from edgeboot.labs.orchestrator.dhcp_dependency import LibvirtLease, dhcp_dependency

RANGE: Final = "<range start='192.168.99.2' end='192.168.99.254'/>"
HOST: Final = "<host mac='52:54:00:00:00:0A' name='orch' ip='192.168.99.7'/>"
NIC: Final = MacAddress.parse("52:54:00:00:00:0a")
ROUTER: Final = IPv4Address("192.168.99.1")
ENDS: Final = datetime(2026, 11, 25, 22, 17, tzinfo=UTC)
LEASE: Final = LibvirtLease(NIC, IPv4Address("192.168.99.57"), "orch", ENDS)
LATER: Final = LibvirtLease(NIC, IPv4Address("192.168.99.8"), None, ENDS)
RAW: Final = (
    "<o:options xmlns:o='http://libvirt.org/schemas/network/dnsmasq/1.0'>"
    "<o:option value='log-dhcp'/><o:option value='dhcp-range=192.168.99.3,static'/></o:options>"
)


def network(dhcp: str = RANGE, *, forward: str = "<forward mode='nat'/>", more: str = "") -> str:
    """The XML of a network with this content of <dhcp>; its first address is IPv6."""
    return (
        f"<network><name>edge</name>{forward}<bridge name='virbr1'/>{more}"
        "<ip family='ipv6' address='fd00::1'><dhcp><range start='fd00::2' end='fd00::9'/></dhcp></ip>"
        f"<ip address='192.168.99.1' netmask='255.255.255.0'><dhcp>{dhcp}</dhcp></ip></network>"
    )


def dependency_text(xml: str, *leases: LibvirtLease, known: tuple[str, ...] = ()) -> str | None:
    """The message about the NIC's dependency on the network's DHCP; None without one."""
    found = dhcp_dependency("edge", xml, leases, NIC, map(IPv4Address, known))
    return None if found is None else str(found)


@pytest.mark.parametrize(
    "xml, gives_what",
    [
        (network(), ["range 192.168.99.2-192.168.99.254"]),
        (network(HOST), ["host 52:54:00:00:00:0A orch 192.168.99.7"]),
        (network("<bootp file='x.efi'/>"), ["bootp x.efi"]),
        (network("", more=RAW), ["dnsmasq:option dhcp-range=192.168.99.3,static"]),
        (network(""), []),
    ],
    ids=["range", "host", "bootp", "past libvirt", "nothing"],
)
def test_what_dhcp_gives_is_told_in_a_few_words(xml: str, gives_what: list[str]) -> None:
    """DHCPv6 is not RFC 2131's protocol and conflicts with no other server."""
    assert served(xml) == gives_what


def test_what_is_given_is_told_with_where_it_stands() -> None:
    """A range only in the definition serves after the next start of the network."""
    assert served_by_both(network(RANGE + HOST), network(RANGE)) == (
        "range 192.168.99.2-192.168.99.254 (live and persistent)",
        "host 52:54:00:00:00:0A orch 192.168.99.7 (live)",
    )
    assert served_by_both(network(""), network()) == ("range 192.168.99.2-192.168.99.254 (persistent)",)
    assert served_by_both(network(), None) == ("range 192.168.99.2-192.168.99.254 (live)",)


@pytest.mark.parametrize(
    "xml, named",
    [
        (network(RANGE + HOST), None),
        (network(RANGE + "<bootp file='x.efi'/>"), "<bootp>"),
        (network("", more=RAW), "<dnsmasq:option dhcp-range=192.168.99.3,static>"),
    ],
    ids=["ranges and hosts", "bootp", "past libvirt"],
)
def test_what_could_not_be_put_back_is_named(xml: str, named: str | None) -> None:
    """libvirt's update supports only ranges and hosts."""
    assert unrestorable_element(xml) == named


@pytest.mark.parametrize(
    "xml, bridge",
    [
        (network(), "virbr1"),
        (network(forward=""), "virbr1"),
        (network(forward="<forward mode='bridge'/>"), None),
        ("<network><forward mode='hostdev'/></network>", None),
    ],
    ids=["routed", "isolated", "borrowed", "none"],
)
def test_bridge_that_libvirt_only_borrows_is_not_its_own(xml: str, bridge: str | None) -> None:
    """libvirt makes the bridges of routed and isolated networks only."""
    assert owned_bridge(xml) == bridge


def test_address_is_the_first_of_ipv4() -> None:
    """With a netmask or a prefix; None without an IPv4 address."""
    assert str(address_of(network())) == "192.168.99.1/24"
    assert str(address_of(network().replace("netmask='255.255.255.0'", "prefix='20'"))) == "192.168.99.1/20"
    assert address_of("<network/>") is None


@pytest.mark.parametrize(
    "xml, router, dns",
    [
        (network(), ROUTER, ROUTER),
        (network(forward="<forward mode='open'/>", more="<dns enable='no'/>"), ROUTER, None),
        (network(forward="", more="<dns><host ip='192.168.99.9'/></dns>"), None, ROUTER),
        (network(""), None, None),
    ],
    ids=["nat", "open without DNS", "isolated", "no DHCP"],
)
def test_router_and_dns_are_the_bridge_or_none(
    xml: str, router: IPv4Address | None, dns: IPv4Address | None
) -> None:
    """The same options that libvirt configures its dnsmasq with."""
    assert advertised_router_and_dns(xml) == (router, dns)


def test_orchestrator_that_holds_a_lease_is_told_what_it_loses() -> None:
    """The message names address, default route and DNS, and the time they end."""
    assert dependency_text(network(), LEASE) == (
        "the Orchestrator's NIC 52:54:00:00:00:0a depends on the DHCP of libvirt network edge,"
        " which granted it a lease until 2026-11-25 22:17:00 UTC: 192.168.99.57,"
        " its default route by 192.168.99.1, its DNS from 192.168.99.1;"
        " it cannot be renewed while that DHCP is off"
    )


def test_orchestrator_on_an_isolated_network_is_told_so() -> None:
    """It loses only its address: the network has no router and no DNS."""
    endless = LibvirtLease(NIC, LEASE.address, None, None)
    said = dependency_text(network(forward="", more="<dns enable='no'/>"), endless)
    assert said is not None
    assert "an infinite lease: 192.168.99.57, no default route, no DNS;" in said


@pytest.mark.parametrize(
    "leases, known, address",
    [
        ((), (), "192.168.99.7"),
        ((), ("192.168.99.7", "192.168.99.10"), "192.168.99.7"),
        ((LEASE,), (), "192.168.99.57"),
        (
            (LEASE, LibvirtLease(NIC, IPv4Address("192.168.99.8"), None, ENDS)),
            ("192.168.99.8",),
            "192.168.99.8",
        ),
    ],
    ids=["kept", "kept and had", "leased", "two leases"],
)
def test_lease_goes_before_an_address_that_is_kept(
    leases: tuple[LibvirtLease, ...], known: tuple[str, ...], address: str
) -> None:
    """Of two leases, the one whose address the machine is known to have is reported."""
    assert f": {address}, its default route" in str(
        dependency_text(network(RANGE + HOST), *leases, known=known)
    )


def test_orchestrator_with_addresses_of_its_own_depends_on_nothing() -> None:
    """Another machine's lease and an unused reservation are no dependency."""
    other = LibvirtLease(MacAddress.parse("52:54:00:00:00:0b"), IPv4Address("192.168.99.10"), None, ENDS)
    assert dependency_text(network(RANGE + HOST), other, known=("192.168.99.10",)) is None


def test_what_was_taken_out_is_written_down_whole() -> None:
    """Elements, their order and their lease times; which network, which description, which address."""
    lease = '<range end="192.168.99.9" start="192.168.99.2"><lease expiry="2" unit="hours"></lease></range>'
    host = '<host ip="192.168.99.7" mac="52:54:00:00:00:0a" name="a&amp;b"></host>'
    taken = RemovedDhcp(
        "qemu+ssh://a/system?x=1&y=2", "edge", "uuid", NetworkState.PERSISTENT, 1, (lease, host)
    )
    assert RemovedDhcp.from_json(json.loads(json.dumps(taken.to_json()))) == taken


@pytest.mark.parametrize(
    "uri, asked",
    [
        ("qemu:///system", "qemu:///system"),
        ("qemu+ssh://a/system", "qemu+ssh://a/system?no_tty=1"),
        ("qemu+ssh://u@a:22/system?keyfile=/k", "qemu+ssh://u@a:22/system?keyfile=/k&no_tty=1"),
        ("qemu+ssh://a/system?no_tty=0", "qemu+ssh://a/system?no_tty=0"),
    ],
)
def test_ssh_asks_nobody_a_question(uri: str, asked: str) -> None:
    """Unless the URI allows prompts."""
    assert without_questions(uri) == asked


@pytest.mark.parametrize(
    "uri, said, does",
    [
        ("qemu:///system", "Failed to connect socket: Permission denied", "be in group libvirt"),
        ("qemu:///system", "authentication unavailable: no polkit agent", "be in group libvirt"),
        ("qemu:///system", "No such file or directory", "start it (systemctl start libvirtd"),
        ("qemu:///system", "Failed to find user record for uid '65532'", "be root, or a user and group that"),
        ("qemu+ssh://a/system", "Permission denied (publickey)", "virsh -c 'qemu+ssh://a/system?no_tty=1'"),
    ],
)
def test_mend_is_that_of_the_cause(uri: str, said: str, does: str) -> None:
    """A stopped service, missing rights, or an unreachable host."""
    assert hint(uri, said).startswith(does)
