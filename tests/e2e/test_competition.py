"""Two clients that compete for one address."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface

import pytest

from edgeboot.base.mac import MacAddress
from edgeboot.labs.protocol import Lab
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Reply
from edgeboot.report.check import Check
from edgeboot.spec.contract.contract import Contract
from fixtures.addresses import Addresses
from fixtures.edge_node import NewEdgeNode

pytestmark = [pytest.mark.e2e, pytest.mark.address_server, pytest.mark.dynamic_allocation]


@dataclass(frozen=True)
class Race:
    """Two nodes that were offered the same free address, and the winner's DHCPACK."""

    winner: Reply
    loser: EdgeNode
    losers_offer: Reply


@pytest.fixture
def race(new_edge_node: NewEdgeNode, free_address: IPv4Address) -> Race:
    """Both ask for one address before either takes it: an offer need not reserve (RFC 2131 section 3.1)."""
    first, second = new_edge_node(), new_edge_node()
    offers = [node.discover(requested_address=free_address).offer for node in (first, second)]
    return Race(first.request(offers[0]).ack, second, offers[1])


@pytest.mark.covers("RFC2131-3.1-offer")
def test_offer_reserves_its_address_where_the_contract_says_so(
    new_edge_node: NewEdgeNode, free_address: IPv4Address, contract: Contract, check: Check
) -> None:
    """A server may keep what it has offered for the node that asked first, or trust the DHCPREQUEST."""
    first, second = (new_edge_node().discover(requested_address=free_address).offer for _ in range(2))
    check(first, "address", free_address)
    if contract.server.reserves_offers:
        check.another(second, "address", second.address, free_address)
    else:
        check(second, "address", free_address)


@pytest.mark.ability("offers_twice")
@pytest.mark.covers("RFC2131-2.2-not-given-twice", "RFC2131-3.1-nak")
def test_loser_of_a_race_is_refused(race: Race, check: Check) -> None:
    """The second node to request an address that both were offered gets the server's DHCPNAK."""
    offered, taken = race.losers_offer, race.winner.address
    told = f"the server offered two addresses: no race; {offered.address} from {offered.sender}, not {taken}"
    check.value(offered, "address", offered.address, taken, told)
    nak = race.loser.request(offered).nak
    check.value(nak, "source_mac", nak.datagram.source_mac, race.winner.datagram.source_mac)


@pytest.mark.ability("offers_twice")
@pytest.mark.covers("RFC2131-2.2-not-given-twice")
def test_loser_of_a_race_ends_with_an_address_of_its_own(race: Race, check: Check) -> None:
    """The node starts again, as firmware does, and boots."""
    _ = race.loser.request(race.losers_offer).nak
    ack = race.loser.boot()
    check.another(ack, "address", ack.address, race.winner.address)
    check(ack, "address")


@pytest.mark.ability("offers_twice")
@pytest.mark.covers("RFC2131-3.1-offer-expires")
def test_offer_that_is_not_taken_keeps_no_address(
    new_edge_node: NewEdgeNode, free_address: IPv4Address, check: Check
) -> None:
    """Nodes that ask and disappear do not use up the pool: the next node can have their address."""
    offered = new_edge_node().discover(requested_address=free_address).offer
    ack = new_edge_node().boot(requested_address=offered.address)
    check(ack, "address", offered.address)


@pytest.mark.neighbours
@pytest.mark.ability("ping_check")
@pytest.mark.restart
@pytest.mark.usefixtures("freshly_started_server")
@pytest.mark.covers("RFC2131-3.1-in-use")
def test_address_of_a_live_host_is_not_offered(
    lab: Lab,
    edge_node: EdgeNode,
    free_address: IPv4Address,
    addresses: Addresses,
    contract: Contract,
    check: Check,
) -> None:
    """A host that was given an address of the pool by hand keeps it: the server pings before it offers."""
    addresses.in_use_elsewhere.add(free_address)
    interface = IPv4Interface(f"{free_address}/{contract.netmask}")
    with lab.host("squatter", interface, MacAddress.parse("52:54:00:12:34:99")) as squatter:
        first = edge_node.discover(requested_address=free_address)
        # A server may drop the message when its ping is answered: firmware asks again.
        offer = (first if first.replies else edge_node.discover(requested_address=free_address)).offer
    told = f"{squatter.sender} has {free_address}, and {offer.sender} offers it"
    check.another(offer, "address", offer.address, free_address, told)
