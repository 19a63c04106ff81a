"""A server that was stopped and started."""

from __future__ import annotations

import pytest

from edgeboot.contract import Contract
from edgeboot.edge_node import EdgeNode
from edgeboot.labs.protocol import DhcpServer

pytestmark = [pytest.mark.e2e, pytest.mark.restart]


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
