"""One address and two that want it."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface

import pytest

from edgeboot.contract import Contract
from edgeboot.edge_node import EdgeNode
from edgeboot.evidence import Recorder
from edgeboot.exchange import Reply
from edgeboot.labs.protocol import DhcpServer, Lab
from edgeboot.mac import MacAddress
from fixtures.edge_node import NewEdgeNode

pytestmark = [pytest.mark.e2e, pytest.mark.address_server]


@dataclass(frozen=True)
class Race:
    """Two nodes that were offered the same free address, and the winner's DHCPACK."""

    winner: Reply
    loser: EdgeNode
    losers_offer: Reply


@pytest.fixture
def race(new_edge_node: NewEdgeNode, dhcp_server: DhcpServer, contract: Contract) -> Race:
    """Both ask for one address before either takes it: an offer reserves nothing (RFC 2131 section 3.1)."""
    taken = {lease.address for lease in dhcp_server.leases()}
    wanted = next(address for address in contract.pool.addresses() if address not in taken)
    first, second = new_edge_node(), new_edge_node()
    offers = [node.discover(requested_address=wanted).offer for node in (first, second)]
    return Race(first.request(offers[0]).ack, second, offers[1])


@pytest.mark.covers("RFC2131-2.2-not-given-twice", "RFC2131-3.1-nak")
def test_loser_of_a_race_is_refused(race: Race) -> None:
    """Who comes second to an address both were offered is told so, by the server under test."""
    assert race.losers_offer.address == race.winner.address, "the server offered two addresses: no race"
    nak = race.loser.request(race.losers_offer).nak
    assert nak.datagram.source_mac == race.winner.datagram.source_mac


@pytest.mark.covers("RFC2131-2.2-not-given-twice")
def test_loser_of_a_race_ends_with_an_address_of_its_own(race: Race, contract: Contract) -> None:
    """It starts again, as firmware does, and boots."""
    _ = race.loser.request(race.losers_offer).nak
    ack = race.loser.boot()
    assert ack.address != race.winner.address
    assert ack.address in contract.pool


@pytest.mark.covers("RFC2131-3.1-offer-expires")
def test_offer_that_is_not_taken_keeps_no_address(
    new_edge_node: NewEdgeNode, dhcp_server: DhcpServer, contract: Contract
) -> None:
    """Nodes that ask and go away do not use up the pool: the next one can have what they were offered."""
    taken = {lease.address for lease in dhcp_server.leases()}
    free = next(address for address in contract.pool.addresses() if address not in taken)
    offered = new_edge_node().discover(requested_address=free).offer
    ack = new_edge_node().boot(requested_address=offered.address)
    assert ack.address == offered.address


@pytest.fixture
def untouched_address(dhcp_server: DhcpServer, contract: Contract, recorder: Recorder) -> IPv4Address:
    """One that nobody had on this segment: the server's kernel may still know an old owner's MAC."""
    touched = {lease.address for lease in dhcp_server.leases()}
    touched |= {reply.address for exchange in recorder.exchanges for reply in exchange.replies}
    return next(address for address in contract.pool.addresses() if address not in touched)


@pytest.mark.neighbours
@pytest.mark.restart
@pytest.mark.usefixtures("rested_server")
@pytest.mark.covers("RFC2131-3.1-in-use")
def test_address_of_a_live_host_is_not_offered(
    lab: Lab, edge_node: EdgeNode, untouched_address: IPv4Address, contract: Contract
) -> None:
    """A host that was given an address of the pool by hand keeps it: the server pings before it offers."""
    interface = IPv4Interface(f"{untouched_address}/{contract.netmask}")
    with lab.host("squatter", interface, MacAddress.parse("52:54:00:12:34:99")) as squatter:
        offer = edge_node.discover(requested_address=untouched_address).offer
    assert offer.address != untouched_address, (
        f"{squatter.sender} has {untouched_address}, and {offer.sender} offers it"
    )
