"""Which hosts of a lease are of no use, by what is known of the segment."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Any, Final, cast

import pytest

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.message import option
from edgeboot.dhcp.named_hosts import HostRole
from edgeboot.dhcp.options import DhcpOption
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire.neighbour import Neighbour, UdpAnswer, UdpPort
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Reply
from edgeboot.report.boot_hosts import boot_host_names
from edgeboot.report.lease_hosts import LeaseHosts, stated_hosts
from tests.unit.samples import CONTRACT, OFFER, SERVER, SERVER_MAC, config, message, reply

STATED: Final = IPv4Address("192.168.99.40")
BRIDGE: Final = IPv4Address("192.168.99.1")
NOBODY: Final = IPv4Address("192.168.99.77")
FAR: Final = IPv4Address("8.8.8.8")
DHCLIENT: Final = CLIENTS["dhclient"]


@dataclass(frozen=True)
class Silent:
    """A host whose UDP port 53 is closed."""

    mac: MacAddress = SERVER_MAC

    def ask_udp(self, *_: Any, **__: Any) -> UdpAnswer:
        """Its ICMP port unreachable."""
        return UdpAnswer(UdpPort.CLOSED, closed=53)


@dataclass(frozen=True)
class Segment:
    """A node's view of a segment on which some addresses answer ARP."""

    held: Reply
    present: Collection[IPv4Address]
    port: None = None

    def neighbour(self, address: IPv4Address) -> Neighbour | None:
        """The host, if it is there."""
        return cast(Neighbour, Silent()) if address in self.present else None


def unusable(
    role: HostRole, *options: DhcpOption, present: Collection[IPv4Address] = (SERVER,), lab: bool = True
) -> list[tuple[IPv4Address, str, bool]]:
    """Each address of no use, why, and whether its client is left without any."""
    sent = reply(message(OFFER, option(Code.SUBNET_MASK, IPv4Address("255.255.255.0")), *options))
    node = cast(EdgeNode, Segment(sent, present))
    hosts = LeaseHosts(node, [(DHCLIENT, sent)], CONTRACT, frozenset({BRIDGE}) if lab else None)
    return [
        (address, problem, each.all_of_them)
        for each in hosts.unusable(role)
        for address, problem in each.problems
    ]


def names(*servers: IPv4Address) -> DhcpOption:
    """Option 6."""
    return option(Code.DOMAIN_NAME_SERVER, b"".join(server.packed for server in servers))


def router(*routers: IPv4Address) -> DhcpOption:
    """Option 3."""
    return option(Code.ROUTER, b"".join(each.packed for each in routers))


@pytest.mark.parametrize(
    "servers,lab,why",
    [
        ([NOBODY], True, "nobody on the segment has it"),
        ([NOBODY], False, "nobody on the segment has it"),
        ([SERVER], True, "UDP port 53 is closed"),
        ([STATED], False, "nobody on the segment has it"),
        ([FAR], True, "the lease names no router to it"),
    ],
)
def test_client_is_left_without_a_name_server(servers: list[IPv4Address], lab: bool, why: str) -> None:
    """What is known counts, whoever states the host."""
    [(address, problem, all_of_them)] = unusable(HostRole.NAME_SERVER, names(*servers), lab=lab)
    assert (address, all_of_them) == (servers[0], True)
    assert why in problem


@pytest.mark.parametrize(
    "options",
    [(names(STATED),), (names(BRIDGE),), (names(FAR), router(SERVER)), (names(FAR), router(BRIDGE))],
    ids=["stated", "stand-in", "behind a router", "behind a stand-in"],
)
def test_what_a_lab_has_not_counts_for_nothing(options: tuple[DhcpOption, ...]) -> None:
    """A segment that the lab made has no other networks, and not every host of the site."""
    assert unusable(HostRole.NAME_SERVER, *options, present=(SERVER, BRIDGE)) == []


@pytest.mark.parametrize("mask,of_use", [("255.255.255.0", False), ("255.255.255.255", True)])
def test_router_outside_of_the_leased_network_is_of_no_use(mask: str, of_use: bool) -> None:
    """Whoever states it; with a mask of 32 bits the site means it so."""
    sent = reply(message(OFFER, option(Code.SUBNET_MASK, IPv4Address(mask)), router(FAR)))
    terms = CONTRACT.model_copy(update={"routers": (FAR,)})
    hosts = LeaseHosts(cast(EdgeNode, Segment(sent, ())), [(DHCLIENT, sent)], terms, frozenset())
    assert bool(hosts.unusable(HostRole.ROUTER)) is not of_use


@pytest.mark.parametrize("servers,dead", [([NOBODY, BRIDGE], True), ([BRIDGE, NOBODY], False)])
def test_first_name_server_has_to_answer(servers: list[IPv4Address], dead: bool) -> None:
    """A system asks the second after seconds, and some iPXE never; a second that is dead is an advisory."""
    [(address, _, all_of_them)] = unusable(HostRole.NAME_SERVER, names(*servers))
    assert (address, all_of_them) == (NOBODY, dead)


@pytest.mark.parametrize("routers,dead", [([NOBODY, SERVER], True), ([SERVER, NOBODY], False)])
def test_first_router_has_to_be_there(routers: list[IPv4Address], dead: bool) -> None:
    """Clients use the first; one behind it is a spare."""
    [(address, _, all_of_them)] = unusable(HostRole.ROUTER, router(*routers))
    assert (address, all_of_them) == (NOBODY, dead)


def test_finding_names_the_line_and_the_client() -> None:
    """With the address, its option, who sent it, and to whom."""
    sent = reply(message(OFFER, option(Code.NTP_SERVERS, NOBODY)))
    hosts = LeaseHosts(cast(EdgeNode, Segment(sent, ())), [(DHCLIENT, sent)], CONTRACT, None)
    [found] = hosts.unusable(HostRole.TIME_SERVER)
    text = str(found.finding(config(f"dhcp-option=42,{NOBODY}\n")))
    assert text.startswith("time server 192.168.99.77 (ntp-servers (42) from 192.168.99.10 (")
    assert "for dhclient): " in text
    assert text.endswith("dnsmasq.conf:1 dhcp-option=42,192.168.99.77")
    assert found.advice.advisory == "unreachable_host"


def test_hosts_of_the_contract_are_stated() -> None:
    """Servers, routers and those of URLs; names have to be resolved."""
    by_name = {"ipxe-x86-64": "http://boot.example.org/boot.ipxe", "pxe-bios": "tftp://192.168.99.41/a"}
    terms = CONTRACT.model_copy(update={"boots": by_name})
    assert stated_hosts(terms) >= {SERVER, STATED, IPv4Address("192.168.99.41")}
    assert boot_host_names(terms) == ("boot.example.org",)
