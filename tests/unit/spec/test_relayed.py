"""Relayed networks of a contract, and addresses that are foreign to it."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import Any

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.spec.contract.segment import Segment, foreign_address
from tests.unit.samples import SERVER_MAC
from tests.unit.spec.test_contract import contract

RACK: dict[str, Any] = {"network": "192.168.50.0/24"}


def test_every_network_but_the_segment_s_own_is_relayed() -> None:
    """With what is stated about it, whether or not relay_networks names it, too."""
    terms = contract(
        relay_networks=["192.168.99.0/24", "10.0.0.0/8"], relayed=[RACK | {"routers": ["192.168.50.9"]}]
    )
    assert [str(each) for each in terms.relayed_networks] == ["10.0.0.0/8", "192.168.50.0/24"]
    assert [each.terms for each in terms.relayed_networks] == [
        {},
        {"routers": (IPv4Address("192.168.50.9"),)},
    ]
    assert IPv4Network("192.168.99.0/24") in terms.served_networks


@pytest.mark.parametrize(
    "stated,relay",
    [
        ({}, "192.168.50.1"),
        ({"pool": {"first": "192.168.50.1", "last": "192.168.50.9"}}, "192.168.50.10"),
        ({"routers": ["192.168.50.7"]}, "192.168.50.7"),
        ({"routers": ["10.0.0.1"]}, "192.168.50.1"),
    ],
    ids=str,
)
def test_relay_has_an_address_of_its_network(stated: dict[str, Any], relay: str) -> None:
    """Its router's, else the first that no node is given."""
    [each] = contract(relayed=[RACK | stated]).relayed_networks
    assert each.relay == IPv4Address(relay)


@pytest.mark.parametrize(
    "relayed,problem",
    [
        ([RACK | {"pool": {"first": "10.0.0.1", "last": "10.0.0.2"}}], "the pool .* is not in 192"),
        ([{"network": "10.0.0.0/31"}], "no room for a relay"),
        ([RACK | {"options": [6]}], "options is a table of values here"),
        ([RACK, RACK], "relayed has a network twice"),
        ([RACK | {"router": []}], "is not known"),
        ([{}], "is missing"),
    ],
    ids=str,
)
def test_network_that_cannot_be_relayed_is_refused(relayed: list[Any], problem: str) -> None:
    """The error names the entry."""
    with pytest.raises(UsageError, match=problem):
        contract(relayed=relayed)


@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"relay_networks": ["10.0.0.0/8", "203.0.113.0/24"]},
        {"relay_networks": ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "10.0.0.0/8"]},
        {"next_server": "203.0.113.9", "routers": ["198.51.100.1"]},
    ],
    ids=str,
)
def test_foreign_address_is_in_no_network_of_the_contract(terms: dict[str, Any]) -> None:
    """A site may own any address: what its contract names is not used."""
    stated = contract(**terms)
    foreign = Segment(stated, SERVER_MAC, IPv4Address("192.168.99.1")).foreign_address
    named = [*stated.served_networks, stated.network]
    assert not any(foreign in network for network in named)
    assert foreign not in {stated.next_server, *stated.routers}


def test_contract_of_every_network_has_no_foreign_address() -> None:
    """Then no relay is to be ignored."""
    segment = Segment(contract(relay_networks=["0.0.0.0/0"]), SERVER_MAC, IPv4Address("192.168.99.1"))
    assert foreign_address(segment.contract, segment.bridge) is None
    with pytest.raises(ValueError, match="no address is foreign to it"):
        _ = segment.foreign_address


@pytest.mark.parametrize("address", ["192.168.99.150", "192.168.99.10", "192.168.99.40", "192.168.99.1"])
def test_machine_of_the_suite_keeps_off_the_addresses_of_the_contract(address: str) -> None:
    """Leased, or the server's, the boot server's, the bridge's: it has another one of the network."""
    segment = Segment(contract(), SERVER_MAC, IPv4Address("192.168.99.1"))
    assert segment.vacant(IPv4Interface(f"{address}/24")) == IPv4Interface("192.168.99.254/24")
    assert segment.vacant(IPv4Interface("192.168.99.66/24")) == IPv4Interface("192.168.99.66/24")


def test_machine_of_the_suite_has_an_address_of_a_pool_that_is_the_whole_network() -> None:
    """The highest one that nobody has leased: there is no other."""
    terms = contract(pool={"first": "192.168.99.1", "last": "192.168.99.254"})
    leased = frozenset({IPv4Address("192.168.99.254")})
    segment = Segment(terms, SERVER_MAC, IPv4Address("192.168.99.1"), leased=leased)
    assert segment.vacant(IPv4Interface("192.168.99.66/24")) == IPv4Interface("192.168.99.253/24")
