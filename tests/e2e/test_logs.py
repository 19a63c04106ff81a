"""What the server's log records of an exchange, for an operator who has only the log."""

from __future__ import annotations

import re

import pytest

from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.node.edge_node import EdgeNode
from edgeboot.report.check import Check
from edgeboot.server.protocol import DhcpServer

pytestmark = [pytest.mark.e2e, pytest.mark.address_server, pytest.mark.ability("log")]

CONVERSATION = ["DHCPDISCOVER", "DHCPOFFER", "DHCPREQUEST", "DHCPACK"]


@pytest.mark.covers("dnsmasq-log-messages")
def test_log_has_the_messages_of_a_boot(edge_node: EdgeNode, dhcp_server: DhcpServer, check: Check) -> None:
    """The log shows how far a node came: one line for each message, in order, with the node's MAC."""
    since = dhcp_server.log.end  # A site's server has the lines of other nights, too.
    edge_node.boot()
    dhcp_server.log.wait_for_message(MessageType.DHCPACK, edge_node.mac, since=since)
    said = dhcp_server.log.about(edge_node.mac)
    # A reserved machine may have booted before.
    begun = max((line.number for line in said if "DHCPDISCOVER(" in line.text), default=0)
    lines = [line.text for line in said if line.number >= begun]
    logged = [name for line in lines for name in re.findall(r"\b(DHCP[A-Z]+)\(", line)]
    told = f"expected {CONVERSATION} of {edge_node.mac}, logged {lines}"
    check.value(None, "log", logged, CONVERSATION, told)


@pytest.mark.covers("dnsmasq-log-messages")
def test_log_names_the_interface_and_the_address(
    booted_node: EdgeNode, dhcp_server: DhcpServer, check: Check
) -> None:
    """The line of an offer names its interface and the offered address."""
    since = dhcp_server.log.end
    offer = booted_node.discover().offer
    line = dhcp_server.log.wait_for_message(MessageType.DHCPOFFER, booted_node.mac, since=since)
    named = re.search(rf"DHCPOFFER\([\w.-]+\) {offer.address} {booted_node.mac}", line.text)
    expected = f"DHCPOFFER(INTERFACE) {offer.address} {booted_node.mac}"
    check.that(named is not None, None, "log", line.text, expected)


@pytest.mark.covers("dnsmasq-log-xid")
def test_log_carries_the_transaction_id(booted_node: EdgeNode, dhcp_server: DhcpServer, check: Check) -> None:
    """With log-dhcp every line starts with the xid, so that a log can be compared with a capture."""
    since = dhcp_server.log.end
    xid = booted_node.discover().request.xid
    line = dhcp_server.log.wait_for_message(MessageType.DHCPDISCOVER, booted_node.mac, since=since)
    numbered = f" {xid} DHCPDISCOVER"
    check.that(numbered in line.text, None, "log", line.text, numbered.strip())
