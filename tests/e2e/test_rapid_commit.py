"""Option 80: a client that takes a DHCPACK at once, without DHCPOFFER and DHCPREQUEST (RFC 4039)."""

from __future__ import annotations

import pytest

from edgeboot.dhcp.clients import ClientProfile
from edgeboot.node.edge_node import EdgeNode
from edgeboot.report.check import Check
from fixtures.edge_node import NewEdgeNode

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.address_server,
    pytest.mark.own_segment,
    pytest.mark.clients(rapid_commit=True, served=True),
]


@pytest.fixture
def hurried_node(client: ClientProfile, new_edge_node: NewEdgeNode) -> EdgeNode:
    """A new machine with this client, which has no lease that a commitment could touch."""
    node = new_edge_node()
    node.identity = node.identity.as_client(client)
    return node


@pytest.mark.covers("RFC4039-3.1-commit-or-offer", "RFC4039-4-option-in-ack", "RFC4039-3.1-lease")
def test_rapid_commit_is_answered_as_the_contract_says(
    client: ClientProfile, hurried_node: EdgeNode, check: Check
) -> None:
    """By DHCPACK or DHCPOFFER to the same lease; to commit is the site's choice, as it binds an address."""
    discovered = hurried_node.discover()
    check.commits(client, discovered)
    if hurried_node.lease is None:
        hurried_node.request(discovered.offer)
    for field in ("address", "netmask", "routers", "server_identifier", "lease_time"):
        check(hurried_node.held, field)
