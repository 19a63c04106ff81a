"""Addresses that are released, declined, and given again."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.lease_lifecycle import decline, offer_after_decline
from edgeboot.report.check import Check
from edgeboot.server.protocol import DhcpServer
from fixtures.addresses import Addresses
from fixtures.edge_node import NewEdgeNode

pytestmark = [pytest.mark.e2e, pytest.mark.address_server]


@pytest.fixture
def declined(edge_node: EdgeNode, sentinel: EdgeNode, addresses: Addresses) -> IPv4Address:
    """An address that a node was given and has declined."""
    edge_node.boot()
    address = decline(edge_node, sentinel)
    addresses.in_use_elsewhere.add(address)
    return address


@pytest.mark.dynamic_allocation
@pytest.mark.covers("RFC2131-4.3.4-release", "RFC2131-4.3.1-requested-address")
def test_released_address_is_given_to_another_node(
    edge_node: EdgeNode, new_edge_node: NewEdgeNode, sentinel: EdgeNode, check: Check
) -> None:
    """An address that one node released is offered to the next node that asks for it."""
    address = edge_node.boot().address
    edge_node.release()
    # The server answers the sentinel after it has read the release.
    _ = sentinel.discover().offer
    check(new_edge_node().discover(requested_address=address).offer, "address", address)


@pytest.mark.ability("remembers_released")
@pytest.mark.covers("RFC2131-4.3.4-release-remembered", "RFC2131-4.3.1-previous-address")
def test_node_that_released_its_address_gets_it_again(edge_node: EdgeNode, check: Check) -> None:
    """A node that was shut down properly boots with the address it had."""
    before = edge_node.boot().address
    edge_node.release()
    check(edge_node.boot(), "address", before)


@pytest.mark.covers("RFC2131-4.3.4-release-unanswered")
def test_release_is_not_answered(edge_node: EdgeNode, sentinel: EdgeNode, check: Check) -> None:
    """The node has left the segment: a reply would not reach it."""
    edge_node.boot()
    release, route = edge_node.releasing()
    check.replies(edge_node.ignored(release, sentinel, route=route))


@pytest.mark.own_segment
@pytest.mark.dynamic_allocation
@pytest.mark.covers("RFC2131-4.3.3-decline")
def test_node_that_declined_an_address_is_offered_another(
    edge_node: EdgeNode, declined: IPv4Address, sentinel: EdgeNode, addresses: Addresses, check: Check
) -> None:
    """The node has detected another host at the address by ARP: the same offer for ever would be a loop."""
    offer = offer_after_decline(edge_node, sentinel, declined, tries=len(addresses.taken))
    check.another(offer, "address", offer.address, declined)


@pytest.mark.own_segment
@pytest.mark.dynamic_allocation
@pytest.mark.covers("RFC2131-4.3.3-decline")
def test_declined_address_is_offered_to_nobody_else(
    declined: IPv4Address, new_edge_node: NewEdgeNode, check: Check
) -> None:
    """The address is in use: the next node would decline it, too, or share it."""
    offer = new_edge_node().discover(requested_address=declined).offer
    told = f"{declined} was declined, and is offered again by {offer.sender}"
    check.another(offer, "address", offer.address, declined, told)


@pytest.mark.ability("log")
@pytest.mark.own_segment
@pytest.mark.dynamic_allocation
@pytest.mark.covers("RFC2131-4.3.3-decline-told")
def test_decline_is_logged(
    edge_node: EdgeNode, declined: IPv4Address, dhcp_server: DhcpServer, check: Check
) -> None:
    """A decline means two machines at one address: the administrator must be able to see it."""
    line = dhcp_server.log.wait_for(rf"DHCPDECLINE\(.*{edge_node.mac}")
    check.that(str(declined) in line.text, None, "log", line.text, declined)


@pytest.mark.covers("RFC2131-4.3.1-requested-address")
def test_address_of_another_node_is_not_given_on_request(
    edge_node: EdgeNode, booted_node: EdgeNode, check: Check
) -> None:
    """Option 50 is a request only: an address that another node holds is not granted."""
    offer = edge_node.discover(requested_address=booted_node.held.address).offer
    check.another(offer, "address", offer.address, booted_node.held.address)
    check(offer, "address")
