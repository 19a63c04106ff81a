"""What the server must leave alone: other interfaces, other services, other servers' clients."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from edgeboot.node.closed_port import open_state
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Reply
from edgeboot.report.check import Check
from edgeboot.report.value_check import senders
from edgeboot.server.protocol import DhcpServer
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.manifests.network import load_node_interfaces
from fixtures.edge_node import NewEdgeNode

pytestmark = pytest.mark.e2e


@pytest.mark.covers("dnsmasq-interface")
@pytest.mark.second_segment
def test_no_answer_on_another_interface(
    new_edge_node: NewEdgeNode, sentinel: EdgeNode, contract: Contract, check: Check
) -> None:
    """A node beside the server's other interface gets nothing, unless the contract has its network served."""
    other = load_node_interfaces()[1]
    node = new_edge_node(beyond=other.name)
    if other.address.network in contract.served_networks:
        offer = node.discover().offer
        told = f"{offer.sender} offers {offer.address} beside {other.name}"
        is_its_own = offer.address in other.address.network
        check.that(is_its_own, offer, "address", offer.address, other.address.network, told)
        return
    exchange = node.ignored(node.identity.discover(xid=0x0E0E0E0E), sentinel)
    told = f"{exchange.summary} is answered beside {other.name}: {senders(exchange)}"
    check.value(exchange, "answer", exchange.answers, [], told)


@pytest.mark.covers("dnsmasq-no-other-service", "RFC792-port-unreachable")
def test_server_offers_no_other_service(booted_node: EdgeNode, contract: Contract, check: Check) -> None:
    """Every port that must be closed by the contract answers with ICMP port unreachable."""
    host = booted_node.neighbour(contract.server_identifier)
    told = f"no host answers ARP for {contract.server_identifier}"
    check.that(host is not None, None, "arp", None, contract.server_identifier, told)
    assert host is not None
    closed = contract.closed_ports
    if not closed:
        pytest.skip("the contract names no port that must be closed")
    check.closed(host, {port: open_state(host, port, contract.bootfile) for port in closed}, closed)


@pytest.mark.covers("RFC2131-4.3.2-other-server", "RFC2132-9.7-server-identifier")
def test_request_for_another_server_is_answered_as_the_contract_says(
    edge_node: EdgeNode,
    sentinel: EdgeNode,
    contract: Contract,
    free_address: IPv4Address,
    dhcp_server: DhcpServer,
    check: Check,
) -> None:
    """It is the other's to answer (RFC 2131 section 4.3.2): only an authoritative server refuses it."""
    request = edge_node.identity.select(0x0A0B0C0D, free_address, contract.server_identifier + 1)
    exchange = edge_node.ignored(request, sentinel)
    # A site's own server beside it may refuse such a request, as libvirt's dnsmasq does.
    own = tuple(reply for reply in exchange.replies if reply.datagram.source_mac == dhcp_server.mac)
    check.replies(replace(exchange, replies=own), contract.other_servers_offer.messages)


@pytest.mark.own_segment
@pytest.mark.covers("RFC2131-2-op")
def test_reply_of_a_server_is_not_answered(
    edge_node: EdgeNode, sentinel: EdgeNode, offer: Reply, check: Check
) -> None:
    """A BOOTREPLY that reaches a server is dropped: two servers never talk to each other."""
    check.replies(edge_node.ignored(offer.message, sentinel))
