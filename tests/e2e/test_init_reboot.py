"""A node that starts with an address it remembers, and DHCPREQUESTs that cannot be granted."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.lease_lifecycle import reboot
from edgeboot.report.check import Check
from edgeboot.server.protocol import DhcpServer
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.segment import Segment

pytestmark = [pytest.mark.e2e, pytest.mark.address_server]


@pytest.mark.covers("RFC2131-4.3.2-init-reboot-correct", "RFC2131-4.3.6-table4")
def test_remembered_address_is_confirmed(
    booted_node: EdgeNode, dhcp_server: DhcpServer, check: Check
) -> None:
    """A known node that asks for its own address has it after one exchange."""
    held = booted_node.held.address
    ack = reboot(booted_node).ack
    check(ack, "address", held)
    check.value(ack, "source_mac", ack.datagram.source_mac, dhcp_server.mac)


@pytest.mark.covers("RFC2131-4.3.2-init-reboot-wrong-address", "RFC2131-4.3.2-init-reboot-wrong-network")
@pytest.mark.covers("RFC2131-3.2-nak-broadcast")
@pytest.mark.parametrize(
    "wrong", ["another's", pytest.param("another network's", marks=pytest.mark.foreign_address)]
)
def test_wrong_address_is_refused_to_a_known_node(
    wrong: str,
    booted_node: EdgeNode,
    sentinel: EdgeNode,
    dhcp_server: DhcpServer,
    segment: Segment,
    check: Check,
) -> None:
    """The DHCPNAK comes at once and by broadcast: the node may not be reachable at its old address."""
    address = sentinel.held.address if wrong == "another's" else segment.foreign_address
    nak = reboot(booted_node, address).nak
    check.value(nak, "source_mac", nak.datagram.source_mac, dhcp_server.mac)
    check.value(nak, "destination", nak.datagram.destination, IPv4Address("255.255.255.255"))
    check(nak, "address", IPv4Address(0))
    check.value(nak, "ciaddr", nak.message.ciaddr, IPv4Address(0))
    check(nak, "lease_time", None)


@pytest.mark.covers("RFC2131-4.3.2-init-reboot-unknown", "RFC2131-3.2-not-authoritative")
def test_remembered_address_of_an_unknown_node_is_left_to_its_server(
    edge_node: EdgeNode, sentinel: EdgeNode, contract: Contract, free_address: IPv4Address, check: Check
) -> None:
    """Another server may have given it: only an authoritative one answers."""
    exchange = edge_node.ignored(edge_node.identity.reboot(edge_node.new_xid(), free_address), sentinel)
    check.replies(exchange, contract.unknown_reboot.messages)


@pytest.mark.covers("RFC2131-3.1-nak", "RFC2131-3.5-invalid-address")
@pytest.mark.parametrize(
    "wrong",
    [
        "in use",
        "outside the pool",
        pytest.param("of another network", marks=pytest.mark.foreign_address),
    ],
)
def test_selected_address_that_cannot_be_given_is_refused(
    wrong: str,
    edge_node: EdgeNode,
    sentinel: EdgeNode,
    contract: Contract,
    segment: Segment,
    dhcp_server: DhcpServer,
    check: Check,
) -> None:
    """A node that selects such an address gets a DHCPNAK, so that it starts again at once."""
    outside = contract.pool.first - 1 if wrong == "outside the pool" else sentinel.held.address
    address = segment.foreign_address if wrong == "of another network" else outside
    request = edge_node.identity.select(edge_node.new_xid(), address, contract.server_identifier)
    nak = edge_node.exchange(request).nak
    check.value(nak, "source_mac", nak.datagram.source_mac, dhcp_server.mac)
