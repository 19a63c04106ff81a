"""Which address a node gets."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.node.crowd import Crowd
from edgeboot.node.edge_node import EdgeNode
from edgeboot.report.check import Check
from edgeboot.server.protocol import DhcpServer
from edgeboot.spec.contract.contract import Contract
from fixtures.addresses import Addresses
from fixtures.edge_node import NewEdgeNode
from fixtures.replies import FirstBoot

SEVERAL: Final = 4

pytestmark = [pytest.mark.e2e, pytest.mark.address_server]


@pytest.mark.dynamic_allocation
@pytest.mark.triage
@pytest.mark.covers("RFC2131-2.2-not-given-twice", "RFC2131-4.2-chaddr", "RFC2131-3.6-each-interface")
def test_two_nodes_get_two_addresses(first_boot: FirstBoot, booted_node: EdgeNode, check: Check) -> None:
    """An address in use is never given to a second node."""
    second = booted_node.held
    check.another(second, "address", second.address, first_boot.ack.address)


@pytest.mark.own_segment
@pytest.mark.dynamic_allocation
@pytest.mark.triage("room")
@pytest.mark.covers("RFC2131-4.3.1-pool")
def test_pool_has_room_for_several_nodes(
    rack: Crowd, addresses: Addresses, new_edge_node: NewEdgeNode, contract: Contract
) -> None:
    """A pool, or a limit on leases, that is smaller than the contract's ends the boot of a rack."""
    for address in addresses.free[:SEVERAL]:
        if not (contract.server.grants_unoffered and rack.is_granted(address)):
            new_edge_node().boot()


@pytest.mark.covers("RFC2131-4.3.1-current-address", "RFC2131-4.2-chaddr")
def test_same_node_gets_the_same_address(edge_node: EdgeNode, check: Check) -> None:
    """A node that asks again keeps its address, also after a reboot; this one has never asked as another."""
    held = edge_node.boot().address
    check(edge_node.discover().offer, "address", held)


@pytest.mark.dynamic_allocation
@pytest.mark.covers("RFC2131-4.3.1-requested-address", "RFC2131-4.3.1-pool")
@pytest.mark.parametrize("edge", ["first", "last"])
def test_pool_reaches_to_its_edge(
    edge: str, edge_node: EdgeNode, addresses: Addresses, contract: Contract, check: Check
) -> None:
    """Each range's first and last address are offered to the node that asks for them, or has them already."""
    edges: list[IPv4Address] = [getattr(each, edge) for each in contract.pool.ranges]
    free = [each for each in edges if addresses.holder(each) is not None or each not in addresses.taken]
    if not free:
        pytest.skip(f"{edges}, the pool's {edge} addresses, are in use by no edge node of this run")
    for wanted in free:
        node = addresses.holder(wanted) or edge_node
        offer = node.discover(requested_address=wanted).offer
        told = f"expected {wanted}, the pool's {edge} address, offered {offer.address} to {node.mac}"
        check.value(offer, "address", offer.address, wanted, told)


@pytest.mark.covers("RFC2131-4.3.1-requested-address", "RFC2131-4.3.1-pool")
@pytest.mark.parametrize("beyond", ["before the first", "after the last"])
def test_pool_ends_at_its_edge(beyond: str, edge_node: EdgeNode, contract: Contract, check: Check) -> None:
    """An address just outside a range, or in a hole, is not given, though the node asks for it."""
    for each in contract.pool.ranges:
        outside = each.first - 1 if beyond == "before the first" else each.last + 1
        check(edge_node.discover(requested_address=outside).offer, "address")


@pytest.mark.covers("RFC2131-3.1-commits", "RFC2131-3-message-type", "RFC2132-9.6-message-type")
def test_offered_address_is_the_one_acknowledged(edge_node: EdgeNode, check: Check) -> None:
    """DISCOVER to ACK: the node ends with the address of the offer."""
    offer = edge_node.discover().offer
    check(edge_node.request(offer).ack, "address", offer.address)


@pytest.mark.ability("lease_database")
@pytest.mark.covers("RFC2131-3.1-commits")
def test_acknowledged_address_is_in_the_lease_database(
    edge_node: EdgeNode, dhcp_server: DhcpServer, check: Check
) -> None:
    """The lease database has exactly the acknowledged address for the node."""
    ack = edge_node.boot()
    recorded = {lease.address for lease in dhcp_server.leases() if lease.mac == edge_node.mac}
    check.value(dhcp_server, "lease_database", recorded, {ack.address})


@pytest.mark.ability("lease_database")
@pytest.mark.covers("RFC2131-4.3.4-release", "RFC2131-4.4.4-unicast-when-known")
def test_released_address_is_free_again(
    edge_node: EdgeNode, sentinel: EdgeNode, dhcp_server: DhcpServer, check: Check
) -> None:
    """A DHCPRELEASE takes the node out of the lease database."""
    edge_node.boot()
    before = {lease.mac for lease in dhcp_server.leases()}
    edge_node.release()
    # The answer comes after the server has read the release and rewritten its lease database.
    _ = sentinel.discover().offer
    after = {lease.mac for lease in dhcp_server.leases()}
    check.that(edge_node.mac in before, dhcp_server, "lease_database", before, {edge_node.mac})
    told = f"{edge_node.mac} has released its lease, and is in the lease database still"
    check.that(edge_node.mac not in after, dhcp_server, "lease_database", after, "without it", told)
