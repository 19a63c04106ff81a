"""A pool that is used up, and that recovers."""

from __future__ import annotations

from typing import Final

import pytest

from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.node.crowd import Crowd
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.lease_lifecycle import renew
from edgeboot.report.check import Check
from edgeboot.server.protocol import DhcpServer
from edgeboot.spec.contract.contract import Contract
from fixtures.addresses import Addresses

NOTHING_LEFT: Final = "no address was left to lease"

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.address_server,
    pytest.mark.own_segment,
    pytest.mark.dynamic_allocation,
]


@pytest.mark.covers("RFC2131-4.3.1-exhausted")
def test_every_address_of_the_pool_can_be_leased(
    exhausted_pool: Crowd, addresses: Addresses, contract: Contract, check: Check
) -> None:
    """Every address of the contract's pool is leased, and none to two nodes."""
    leased = [member.held.address for member in exhausted_pool.members]
    told = f"{NOTHING_LEFT}; taken are {', '.join(map(str, sorted(addresses.taken)))}"
    check.that(bool(leased), None, "pool", None, contract.pool, told)
    twice = {each for each in leased if leased.count(each) > 1}
    check.value(None, "pool", twice, set(), f"leased to two nodes: {', '.join(map(str, sorted(twice)))}")
    pool = set(contract.pool.addresses())
    left = pool - addresses.taken.union(leased) - addresses.reserved
    told = f"no node was given, or offered, {', '.join(map(str, sorted(left)))}"
    check.value(None, "pool", left, set(), told)
    check.value(None, "pool", set(leased) - pool, set())


@pytest.mark.ability("lease_database")
@pytest.mark.covers("RFC2131-4.3.1-exhausted")
def test_exhausted_pool_is_in_the_lease_database(
    exhausted_pool: Crowd, dhcp_server: DhcpServer, contract: Contract, check: Check
) -> None:
    """The lease database has every address of the contract's pool exactly once."""
    check.another(None, "pool", len(exhausted_pool.members), 0, NOTHING_LEFT)
    leased = sorted(lease.address for lease in dhcp_server.leases())
    pool = list(contract.pool.addresses())
    lacking = ", ".join(map(str, sorted(set(pool) - set(leased)))) or "none"
    told = f"the lease database has {len(leased)} leases, the pool {len(pool)} addresses; it lacks {lacking}"
    check.value(dhcp_server, "lease_database", leased, pool, told)


@pytest.mark.covers("RFC2131-4.3.1-exhausted")
@pytest.mark.usefixtures("exhausted_pool")
def test_exhausted_pool_offers_nothing(edge_node: EdgeNode, sentinel: EdgeNode, check: Check) -> None:
    """A new node gets no offer, neither of a leased address nor of one outside the pool."""
    check.replies(edge_node.ignored(edge_node.identity.discover(edge_node.new_xid()), sentinel))


@pytest.mark.ability("log")
@pytest.mark.usefixtures("exhausted_pool")
@pytest.mark.covers("RFC2131-4.3.1-exhausted")
def test_exhausted_pool_is_logged(
    edge_node: EdgeNode, sentinel: EdgeNode, dhcp_server: DhcpServer, check: Check
) -> None:
    """The log states why a node got no offer: on the wire it looks like a server that does not listen."""
    since = dhcp_server.log.end
    edge_node.ignored(edge_node.identity.discover(edge_node.new_xid()), sentinel)
    # The sentinel's offer is logged after it; the log of a Pod arrives later than the offer itself.
    dhcp_server.log.wait_for_message(MessageType.DHCPOFFER, sentinel.mac, since=since)
    line = dhcp_server.log.find(rf"{edge_node.mac} no address available", since)
    told = f"no line of the log says so; its last is {dhcp_server.log.lines[-1].text!r}"
    check.that(line is not None, None, "log", None, "no address available", told)


def test_known_node_keeps_its_address_in_an_exhausted_pool(
    exhausted_pool: Crowd, sentinel: EdgeNode, check: Check
) -> None:
    """A running node keeps its lease: it is renewed although no address is free."""
    check.another(None, "pool", len(exhausted_pool.members), 0, NOTHING_LEFT)
    check(renew(sentinel).ack, "lease_time")


@pytest.mark.covers("RFC2131-4.3.4-release", "RFC2131-4.3.1-exhausted")
def test_released_address_ends_the_exhaustion(
    exhausted_pool: Crowd, edge_node: EdgeNode, check: Check
) -> None:
    """The next node boots with the one address that was released."""
    check.another(None, "pool", len(exhausted_pool.members), 0, NOTHING_LEFT)
    [freed] = exhausted_pool.give_back(1)
    check(edge_node.boot(), "address", freed)
