"""A server that was stopped and started, and the leases it had given."""

from __future__ import annotations

import pytest

from edgeboot.contract import Contract
from edgeboot.edge_node import EdgeNode
from edgeboot.labs.protocol import DhcpServer
from edgeboot.lease_life import renew
from fixtures.edge_node import NewEdgeNode

pytestmark = [pytest.mark.e2e, pytest.mark.restart, pytest.mark.usefixtures("remembered")]


@pytest.mark.covers("dnsmasq-restart")
def test_killed_server_answers_again_after_its_restart(
    edge_node: EdgeNode, dhcp_server: DhcpServer, contract: Contract
) -> None:
    """After SIGKILL and a new container a node boots as before, from the same server."""
    before = dhcp_server.instance
    dhcp_server.kill()
    dhcp_server.restart()
    ack = edge_node.boot()
    assert dhcp_server.instance != before
    assert (ack.server_identifier, ack.datagram.source_mac) == (contract.server_identifier, dhcp_server.mac)


@pytest.mark.covers("RFC2131-2.1-survives-reboots")
def test_lease_outlives_the_server_s_container(edge_node: EdgeNode, dhcp_server: DhcpServer) -> None:
    """A node that runs renews its lease with the restarted server, and notices nothing."""
    before = edge_node.boot().address
    dhcp_server.kill()
    dhcp_server.restart()
    assert renew(edge_node).ack.address == before


@pytest.mark.covers("RFC2131-2.2-not-given-twice", "RFC2131-2.1-survives-reboots")
def test_restarted_server_gives_no_address_twice(
    edge_node: EdgeNode, new_edge_node: NewEdgeNode, dhcp_server: DhcpServer
) -> None:
    """A node that is switched off for a moment answers no ping: only the book keeps its address for it."""
    held = edge_node.boot().address
    dhcp_server.kill()
    dhcp_server.restart()
    offer = new_edge_node().discover(requested_address=held).offer
    assert offer.address != held, f"{edge_node.mac} holds {held}, and {offer.sender} offers it to another"
