"""A pool that is used up, and that recovers."""

from __future__ import annotations

import pytest

from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.node.crowd import Crowd
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.lease_lifecycle import renew
from edgeboot.report.check import Check
from edgeboot.server.protocol import DhcpServer
from edgeboot.spec.contract.contract import Contract
from fixtures.addresses import Addresses

pytestmark = [pytest.mark.e2e, pytest.mark.address_server, pytest.mark.own_segment]


@pytest.mark.covers("RFC2131-4.3.1-exhausted")
def test_every_address_of_the_pool_can_be_leased(
    exhausted_pool: Crowd, addresses: Addresses, contract: Contract
) -> None:
    """Every address of the contract's pool is leased, and none to two nodes."""
    leased = [member.held.address for member in exhausted_pool.members]
    assert leased, f"no address was left to lease; taken are {sorted(addresses.taken)}"
    assert len(set(leased)) == len(leased)
    left = set(contract.pool.addresses()) - addresses.taken.union(leased)
    assert left <= addresses.reserved, f"no node was given, or offered, {sorted(left - addresses.reserved)}"
    assert set(leased) <= set(contract.pool.addresses())


@pytest.mark.ability("lease_database")
@pytest.mark.covers("RFC2131-4.3.1-exhausted")
def test_exhausted_pool_is_in_the_lease_database(
    exhausted_pool: Crowd, dhcp_server: DhcpServer, contract: Contract
) -> None:
    """The lease database has every address of the contract's pool exactly once."""
    assert exhausted_pool.members
    leased = [lease.address for lease in dhcp_server.leases()]
    assert sorted(leased) == list(contract.pool.addresses())


@pytest.mark.covers("RFC2131-4.3.1-exhausted")
def test_exhausted_pool_offers_nothing(
    exhausted_pool: Crowd, edge_node: EdgeNode, sentinel: EdgeNode
) -> None:
    """A new node gets no offer, neither of a leased address nor of one outside the pool."""
    exchange = edge_node.ignored(edge_node.identity.discover(edge_node.new_xid()), sentinel)
    assert exchange.replies == (), f"with {len(exhausted_pool.members)} taken: {exchange.replies[0].sender}"


@pytest.mark.ability("log")
@pytest.mark.usefixtures("exhausted_pool")
@pytest.mark.covers("RFC2131-4.3.1-exhausted")
def test_exhausted_pool_is_logged(edge_node: EdgeNode, sentinel: EdgeNode, dhcp_server: DhcpServer) -> None:
    """The log states why a node got no offer: on the wire it looks like a server that does not listen."""
    since = dhcp_server.log.end
    edge_node.ignored(edge_node.identity.discover(edge_node.new_xid()), sentinel)
    # The sentinel's offer is logged after it; the log of a Pod arrives later than the offer itself.
    dhcp_server.log.wait_for_message(MessageType.DHCPOFFER, sentinel.mac, since=since)
    line = dhcp_server.log.find(rf"{edge_node.mac} no address available", since)
    assert line is not None, f"no line of the log says so; its last is {dhcp_server.log.lines[-1].text!r}"


def test_known_node_keeps_its_address_in_an_exhausted_pool(
    exhausted_pool: Crowd, sentinel: EdgeNode, check: Check
) -> None:
    """A running node keeps its lease: it is renewed although no address is free."""
    assert exhausted_pool.members
    check(renew(sentinel).ack, "lease_time")


@pytest.mark.covers("RFC2131-4.3.4-release", "RFC2131-4.3.1-exhausted")
def test_released_address_ends_the_exhaustion(exhausted_pool: Crowd, edge_node: EdgeNode) -> None:
    """The next node boots with the one address that was released."""
    [freed] = exhausted_pool.give_back(1)
    assert edge_node.boot().address == freed
