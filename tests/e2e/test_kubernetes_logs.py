"""The log as the API returns it, for an operator who has only kubectl."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.node.edge_node import EdgeNode
from edgeboot.report.check import Check
from edgeboot.server.protocol import DhcpServer
from fixtures.cluster import LoggedMessages

if TYPE_CHECKING:
    from fixtures.cluster import DeployedPod

pytestmark = [pytest.mark.e2e, pytest.mark.kubernetes, pytest.mark.address_server]


@pytest.mark.covers("K8S-logs")
def test_api_log_has_the_messages_of_the_wire(
    edge_node: EdgeNode,
    dhcp_server: DhcpServer,
    dhcp_pod: DeployedPod,
    messages_in_log: LoggedMessages,
    check: Check,
) -> None:
    """A node's boot is four lines with its xid, the messages of the wire and the address on it."""
    offer = edge_node.discover().offer
    ack = edge_node.request(offer).ack
    dhcp_server.log.wait_for_message(MessageType.DHCPACK, edge_node.mac)
    wire = [
        ("DHCPDISCOVER", offer.message.xid, None),
        ("DHCPOFFER", offer.message.xid, offer.address),
        ("DHCPREQUEST", ack.message.xid, offer.address),
        ("DHCPACK", ack.message.xid, ack.address),
    ]
    # A reserved machine may have booted before.
    logged = [each for each in messages_in_log(edge_node.mac) if each[1] == offer.message.xid]
    last = dhcp_pod.log_text().splitlines()[-1]
    told = f"expected (with log-dhcp) as on the wire {wire}, got {logged}; last line {last!r}"
    check.value(None, "log", logged, wire, told)
