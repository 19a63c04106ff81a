"""Who answers: exactly the expected server, from where it should."""

from __future__ import annotations

import pytest

from edgeboot.base.deadline import Wait
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Reply
from edgeboot.report.check import Check
from edgeboot.server.protocol import DhcpServer
from edgeboot.spec.contract.contract import Contract
from fixtures.census import OnlyExpectedIn, OnlyExpectedInRun

pytestmark = pytest.mark.e2e


@pytest.mark.covers("contract-servers", "RFC2131-3.1-offer")
def test_exactly_the_expected_servers_answer_a_new_node(
    edge_node: EdgeNode, contract: Contract, only_expected_in: OnlyExpectedIn, check: Check
) -> None:
    """One DHCPDISCOVER of an unknown client gets one reply: no second server, no second process."""
    exchange = edge_node.discover(grace=Wait.OTHER_SERVERS, replies=contract.servers)
    only_expected_in(exchange)
    check.answered_by(contract.servers, exchange)


@pytest.mark.covers("contract-servers", "RFC2131-3.1-offer")
def test_exactly_the_expected_servers_answer_a_known_node(
    booted_node: EdgeNode, contract: Contract, only_expected_in: OnlyExpectedIn, check: Check
) -> None:
    """A client that holds a lease is answered at once: no ping delays the reply of a second server."""
    exchange = booted_node.discover(grace=Wait.OTHER_SERVERS, replies=contract.servers)
    only_expected_in(exchange)
    check.answered_by(contract.servers, exchange)


@pytest.mark.covers("contract-servers", "segment-fastest-wins")
def test_no_slower_server_answers(only_expected_in_run: OnlyExpectedInRun) -> None:
    """A server that looks for the address first answers after 3 s, when firmware still listens."""
    only_expected_in_run()


@pytest.mark.triage
@pytest.mark.covers("RFC2131-4.1-server-identifier", "RFC2132-9.7-server-identifier")
def test_reply_comes_from_the_server_it_names(reply: Reply, contract: Contract, check: Check) -> None:
    """The datagram's source is the server identifier a node will send its DHCPREQUEST to."""
    check.value(reply, "source", reply.datagram.source, contract.server_identifier)


@pytest.mark.triage
@pytest.mark.covers("contract-server-under-test")
def test_reply_comes_from_the_server_under_test(reply: Reply, dhcp_server: DhcpServer, check: Check) -> None:
    """The reply's Ethernet address is the Orchestrator's: another host's reply is not accepted."""
    told = f"{reply.sender} is not the server under test, {dhcp_server.mac}"
    check.value(reply, "source_mac", reply.datagram.source_mac, dhcp_server.mac, told)


@pytest.mark.covers("RFC2131-4.1-ports")
@pytest.mark.address_server
def test_reply_uses_the_bootp_ports(reply: Reply, check: Check) -> None:
    """From port 67 to port 68 (RFC 2131 section 4.1)."""
    ports = (reply.datagram.source_port, reply.datagram.destination_port)
    check.value(reply, "ports", ports, (SERVER_PORT, CLIENT_PORT))


@pytest.mark.covers("RFC5227-one-owner")
def test_address_of_the_server_has_one_owner(
    booted_node: EdgeNode, dhcp_server: DhcpServer, contract: Contract, check: Check
) -> None:
    """A node that renews by unicast reaches the machine that ARP names: it must be the server."""
    owners = booted_node.owners(contract.server_identifier)
    told = (
        f"expected {contract.server_identifier} to be {dhcp_server.mac}'s alone, "
        f"ARP names {', '.join(map(str, owners)) or 'no host'}"
    )
    check.value(None, "arp", owners, (dhcp_server.mac,), told)
