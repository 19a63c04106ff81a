"""What a relayed network is sent, against what the contract states for it."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Any, Final

import pytest

from edgeboot.dhcp.clients import EDK2_PXE_X86_64
from edgeboot.dhcp.message import option
from edgeboot.dhcp.options import Options
from edgeboot.dhcp.relay import relayed
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.report.relayed_check import relay_of, relayed_deviations, unanswered
from tests.unit.samples import NODE, XID, config, exchange, message, reply
from tests.unit.spec.test_contract import contract

RELAY: Final = IPv4Address("192.168.50.1")
RANGE: Final = "dhcp-range=192.168.50.100,192.168.50.200,255.255.255.0,12h\n"
OFFERED: Final = replace(
    message(option(Code.ROUTER, RELAY), option(Code.IP_ADDRESS_LEASE_TIME, 7200, size=4)),
    yiaddr=IPv4Address("192.168.50.100"),
    giaddr=RELAY,
)


def findings(sent: Any = OFFERED, **stated: Any) -> list[str]:
    """What is wrong with this offer."""
    terms = contract(relayed=[{"network": "192.168.50.0/24"} | stated])
    [network] = terms.relayed_networks
    asked = relayed(NODE.discover(XID), RELAY)
    found = relayed_deviations(
        network, replace(reply(sent), request=asked), EDK2_PXE_X86_64, terms, config(RANGE)
    )
    return [str(each) for each in found]


@pytest.mark.parametrize(
    "stated",
    [
        {},
        {"routers": ["192.168.50.1"], "lease_time": "2h", "next_server": "192.168.99.40"},
        {"pool": {"first": "192.168.50.100", "last": "192.168.50.150"}},
    ],
    ids=str,
)
def test_offer_that_fits_its_network_deviates_in_nothing(stated: dict[str, Any]) -> None:
    """What is not stated is only bound to be of the network."""
    assert findings(**stated) == []


def with_options(*options: Any, **header: Any) -> Any:
    """The offer with more in it."""
    return replace(OFFERED, options=Options((*OFFERED.options, *options)), **header)


def test_boot_server_that_the_contract_names_nowhere_is_wrong() -> None:
    """Where nothing is stated for the network, and a file is named; a host of a URL is right."""
    file, other = option(Code.BOOTFILE_NAME, b"a.efi\0"), IPv4Address("192.168.99.41")
    [found] = findings(with_options(file, siaddr=other))
    assert found.startswith(
        "next_server through a relay of 192.168.50.0/24: expected 192.168.99.40, received"
    )
    assert findings(with_options(siaddr=other)) == []
    assert findings(with_options(file, siaddr=other), next_server=str(other)) == []


def test_static_route_by_a_router_outside_leads_nowhere() -> None:
    """A system that asks for option 121 ignores the router of option 3."""
    default = bytes((0, *IPv4Address("192.168.99.10").packed))
    routes = option(Code.CLASSLESS_STATIC_ROUTE, default)
    [first, *_] = findings(with_options(routes))
    assert "0.0.0.0/0 via 192.168.99.10, and no router outside of 192.168.50.0/24 can be reached" in first


@pytest.mark.parametrize(
    "stated,field",
    [
        ({"routers": ["192.168.50.2"]}, "routers"),
        ({"lease_time": "3h"}, "lease_time"),
        ({"next_server": "192.168.50.40"}, "next_server"),
        ({"bootfile": "rack.efi"}, "bootfile"),
        ({"pool": {"first": "192.168.50.150", "last": "192.168.50.160"}}, "address"),
        ({"options": {"mtu": 1400}}, "option interface-mtu (26)"),
    ],
    ids=str,
)
def test_stated_term_that_is_not_kept_is_named(stated: dict[str, Any], field: str) -> None:
    """With the network that it is about."""
    [finding] = findings(**stated)
    assert finding.startswith(field)
    assert "192.168.50.0/24" in finding or field.startswith("option ")


def test_address_and_router_of_another_network_are_named() -> None:
    """A node could neither use the address nor reach the router."""
    sent = replace(
        OFFERED,
        yiaddr=IPv4Address("192.168.99.100"),
        options=Options((option(Code.ROUTER, IPv4Address("192.168.99.1")),)),
    )
    address, router = findings(sent)
    assert address.startswith(
        "address through a relay of 192.168.50.0/24: expected 192.168.50.0/24, received 192.168.99.100"
    )
    assert "expected routers in 192.168.50.0/24, received 192.168.99.1 from" in router


def test_network_without_a_range_is_named_with_its_relay() -> None:
    """Relay, network and what dnsmasq.conf lacks."""
    [network] = contract(relay_networks=["192.168.50.0/24"]).relayed_networks
    asked = exchange(request=relayed(NODE.discover(XID), RELAY))
    finding = unanswered(network, asked, config("dhcp-range=192.168.99.100,192.168.99.200\n"))
    assert "a relay of 192.168.50.0/24 (giaddr 192.168.50.1) is not answered" in str(finding)
    assert "dnsmasq.conf has no dhcp-range in 192.168.50.0/24" in str(finding)


def test_relay_is_in_the_part_of_a_network_that_has_a_range() -> None:
    """A contract may name a site's whole address space."""
    [network] = contract(relay_networks=["10.0.0.0/8"]).relayed_networks
    lines = "dhcp-range=10.77.0.1,10.77.0.200,255.255.0.0,12h\n"
    assert relay_of(network, config(lines)) == IPv4Address("10.77.0.201")
    assert relay_of(network, config("")) == IPv4Address("10.0.0.1")
