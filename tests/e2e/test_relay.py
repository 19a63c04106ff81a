"""Messages that come through a relay agent, and what the agent adds (RFC 1542, RFC 3046)."""

from __future__ import annotations

from typing import Final

import pytest

from edgeboot.dhcp.relay import agent_information, relayed
from edgeboot.dhcp.vocabulary import SERVER_PORT, OptionCode
from edgeboot.labs.settings import Settings
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange
from edgeboot.report.check import Check
from edgeboot.report.relayed_check import relayed_deviations, unanswered
from edgeboot.report.values import shown_value
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.relayed import RelayedNetwork
from edgeboot.spec.contract.segment import Segment
from fixtures.edge_node import with_lease
from fixtures.replies import FirstBoot

pytestmark = [pytest.mark.e2e, pytest.mark.address_server]

CIRCUIT: Final = b"rack 7 port 12"


@pytest.fixture
def relay(first_boot: FirstBoot) -> EdgeNode:
    """A machine of the segment that relays messages."""
    return with_lease(first_boot.node)


@pytest.fixture
def relayed_discover(
    relay: EdgeNode, booted_node: EdgeNode, sentinel: EdgeNode, contract: Contract
) -> Exchange:
    """A known node's DHCPDISCOVER through that relay, which has added option 82."""
    message = booted_node.identity.discover(booted_node.new_xid())
    with_option = relayed(message, relay.held.address, CIRCUIT)
    return relay.relay(with_option, sentinel, answer_within=contract.answer_time)


@pytest.mark.covers("RFC2131-4.1-giaddr", "RFC2131-4.3.1-pool-by-giaddr", "RFC1542-5.4-giaddr")
def test_relay_of_a_served_network_is_answered(
    relayed_discover: Exchange, relay: EdgeNode, contract: Contract, check: Check
) -> None:
    """The reply goes to the relay's own address and port 67, and the relay passes it on."""
    served = any(relay.held.address in network for network in contract.served_networks)
    to = [(reply.datagram.destination, reply.datagram.destination_port) for reply in relayed_discover.replies]
    expected = [(relay.held.address, SERVER_PORT)] if served else []
    told = (
        f"{relayed_discover.summary}: expected replies to {shown_value(tuple(expected))}, "
        f"received them to {shown_value(tuple(to))}"
    )
    check.value(relayed_discover, "destination", to, expected, told)


@pytest.mark.covers("RFC2131-table3-giaddr")
def test_relayed_offer_names_its_relay(relayed_discover: Exchange, relay: EdgeNode, check: Check) -> None:
    """By giaddr the relay selects the interface that leads to the client."""
    offer = relayed_discover.offer
    check.value(offer, "giaddr", offer.message.giaddr, relay.held.address)


@pytest.mark.covers("RFC2131-4.3.1-pool-by-giaddr")
def test_relayed_node_gets_an_address_of_the_pool(relayed_discover: Exchange, check: Check) -> None:
    """A node behind a relay of the served network gets an address of the same pool."""
    check(relayed_discover.offer, "address")


@pytest.mark.covers("RFC3046-2.2-echo", "RFC3046-2.2-last")
def test_relay_agent_information_comes_back_as_it_was(relayed_discover: Exchange, check: Check) -> None:
    """Option 82 is echoed whole and last, for the relay takes it off again."""
    offer = relayed_discover.offer
    *_, last = offer.message.options
    expected = (OptionCode.RELAY_AGENT_INFORMATION, agent_information(CIRCUIT))
    told = f"the last option is {last.code}, {last.data!r}, expected {expected[0]:d}, {expected[1]!r}"
    check.value(offer, "option 82", (last.code, last.data), expected, f"{told}, from {offer.sender}")


@pytest.mark.own_segment
@pytest.mark.foreign_address
@pytest.mark.covers("RFC2131-4.3.1-pool-by-giaddr")
def test_relay_of_another_network_is_not_answered(
    relay: EdgeNode, booted_node: EdgeNode, sentinel: EdgeNode, segment: Segment, check: Check
) -> None:
    """There is no pool for that network: the server must not give an address of this one."""
    message = booted_node.identity.discover(booted_node.new_xid())
    check.replies(relay.relay(relayed(message, segment.foreign_address), sentinel))


@pytest.mark.relays
@pytest.mark.covers("RFC2131-4.1-giaddr", "RFC2131-4.3.1-pool-by-giaddr")
def test_relay_of_each_network_that_the_contract_promises_is_answered(
    relayed_network: RelayedNetwork, through_relay: Exchange, settings: Settings, check: Check
) -> None:
    """Without a range for it a whole rack waits for an address."""
    finding = unanswered(relayed_network, through_relay, settings.deployment.config)
    check.nothing_differs([finding] if finding is not None else [])


@pytest.mark.relays
@pytest.mark.covers("RFC2131-4.3.1-pool-by-giaddr", "RFC2131-4.3.1-configured-parameters")
def test_node_of_a_relayed_network_is_offered_what_fits_it(
    relayed_network: RelayedNetwork,
    through_relay: Exchange,
    contract: Contract,
    settings: Settings,
    check: Check,
) -> None:
    """Its address, router and boot data are its own network's, not those of the server's."""
    client, config = contract.default_client, settings.deployment.config
    offers = through_relay.replies
    compared = (relayed_deviations(relayed_network, offer, client, contract, config) for offer in offers)
    check.nothing_differs(finding for each in compared for finding in each)
