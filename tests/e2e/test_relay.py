"""Messages that come through a relay agent, and what the agent adds (RFC 1542, RFC 3046)."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.dhcp.relay import agent_information, relayed
from edgeboot.dhcp.vocabulary import SERVER_PORT, OptionCode
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange
from edgeboot.report.check import Check
from edgeboot.spec.contract.contract import Contract
from fixtures.replies import FirstBoot

pytestmark = [pytest.mark.e2e, pytest.mark.address_server]

CIRCUIT: Final = b"rack 7 port 12"
FAR_AWAY: Final = IPv4Address("10.77.0.1")


@pytest.fixture
def relay(first_boot: FirstBoot) -> EdgeNode:
    """A machine of the segment that relays messages."""
    return first_boot.node


@pytest.fixture
def relayed_discover(relay: EdgeNode, booted_node: EdgeNode, sentinel: EdgeNode) -> Exchange:
    """A known node's DHCPDISCOVER through that relay, which has added option 82."""
    message = booted_node.identity.discover(booted_node.new_xid())
    return relay.relay(relayed(message, relay.held.address, CIRCUIT), sentinel)


@pytest.mark.covers("RFC2131-4.1-giaddr", "RFC2131-4.3.1-pool-by-giaddr", "RFC1542-5.4-giaddr")
def test_relay_of_a_served_network_is_answered(
    relayed_discover: Exchange, relay: EdgeNode, contract: Contract
) -> None:
    """The reply goes to the relay's own address and port 67, and the relay passes it on."""
    served = any(relay.held.address in network for network in contract.relay_networks)
    to = [(reply.datagram.destination, reply.datagram.destination_port) for reply in relayed_discover.replies]
    assert to == ([(relay.held.address, SERVER_PORT)] if served else []), relayed_discover.summary


@pytest.mark.covers("RFC2131-table3-giaddr")
def test_relayed_offer_names_its_relay(relayed_discover: Exchange, relay: EdgeNode) -> None:
    """By giaddr the relay selects the interface that leads to the client."""
    assert relayed_discover.offer.message.giaddr == relay.held.address


@pytest.mark.covers("RFC2131-4.3.1-pool-by-giaddr")
def test_relayed_node_gets_an_address_of_the_pool(relayed_discover: Exchange, check: Check) -> None:
    """A node behind a relay of the served network gets an address of the same pool."""
    check(relayed_discover.offer, "address")


@pytest.mark.covers("RFC3046-2.2-echo", "RFC3046-2.2-last")
def test_relay_agent_information_comes_back_as_it_was(relayed_discover: Exchange) -> None:
    """Option 82 is echoed whole and last, for the relay takes it off again."""
    *_, last = relayed_discover.offer.message.options
    assert (last.code, last.data) == (OptionCode.RELAY_AGENT_INFORMATION, agent_information(CIRCUIT))


@pytest.mark.own_segment
@pytest.mark.covers("RFC2131-4.3.1-pool-by-giaddr")
def test_relay_of_another_network_is_not_answered(
    relay: EdgeNode, booted_node: EdgeNode, sentinel: EdgeNode, contract: Contract
) -> None:
    """There is no pool for that network: the server must not give an address of this one."""
    assert not any(FAR_AWAY in network for network in contract.relay_networks), "take another address"
    message = booted_node.identity.discover(booted_node.new_xid())
    exchange = relay.relay(relayed(message, FAR_AWAY), sentinel)
    assert exchange.replies == (), f"answered by {[reply.sender for reply in exchange.replies]}"
