"""Rogue servers on the segment: the report names them, and what they would do to a node."""

from __future__ import annotations

from datetime import timedelta

import pytest

from edgeboot.base.deadline import Wait
from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.clients import EDK2_PXE_X86_64, PXE_CLASS, BootRules
from edgeboot.dhcp.firmware import boots_from
from edgeboot.dhcp.firmware.answers import has_vendor_class
from edgeboot.labs.protocol import Lab
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange
from edgeboot.report.check import Check
from edgeboot.report.rogue_servers import SERVERS, RogueReply
from edgeboot.spec.contract.contract import Contract
from fixtures.addresses import Addresses
from fixtures.census import OnlyExpectedIn
from fixtures.edge_node import NewEdgeNode
from fixtures.rogue import Rogue, RogueRepliesIn, busy_until_answered_by, rogue_on, segment_of

pytestmark = [pytest.mark.e2e, pytest.mark.neighbours, pytest.mark.own_segment]


def only_rogue(rogue_replies: tuple[RogueReply, ...], exchange: Exchange, check: Check) -> RogueReply:
    """The only rogue server's reply."""
    rogues = "; ".join(map(str, rogue_replies)) or "none"
    told = f"expected one rogue server, received {rogues}; received {exchange.received}"
    check.value(exchange, SERVERS, len(rogue_replies), 1, told)
    return rogue_replies[0]


@pytest.fixture(scope="module")
def raced_discover(
    lab: Lab,
    edge_nodes: NewEdgeNode,
    contract: Contract,
    addresses: Addresses,
    guest_rogue: MacAddress,  # noqa: ARG001 - it is expected then
) -> Exchange:
    """What a new node receives from a rogue and from a server that is busy meanwhile.

    A server that pings a new address first loses the race anyway, one that does not would win some.
    """
    node, observer = edge_nodes(), edge_nodes(unknown=True)
    segment = segment_of(lab, contract, addresses.taken)
    with rogue_on(lab, "server", segment) as host, busy_until_answered_by(host, lab, observer.port):
        exchange = node.discover(broadcast=True, replies=contract.servers + 1)
    lab.close_port(observer.port)
    lab.close_port(node.port)
    return exchange


@pytest.mark.covers("segment-rogue-named")
@pytest.mark.parametrize("kind", ["server", "proxy"])
def test_rogue_is_named_by_address_mac_and_offer(
    kind: str,
    rogue: Rogue,
    booted_node: EdgeNode,
    contract: Contract,
    rogue_replies_in: RogueRepliesIn,
    check: Check,
) -> None:
    """The report names the one rogue beside the expected servers, and what a node would boot by it."""
    # A ProxyDHCP answers PXE clients alone, and not HTTP Boot.
    by_http = booted_node.identity.client.rules is BootRules.EDK2_HTTP
    node = booted_node.as_client(EDK2_PXE_X86_64) if by_http and kind == "proxy" else booted_node
    with rogue(kind) as host:
        exchange = node.discover(replies=contract.servers + 1)
    found = only_rogue(rogue_replies_in(exchange), exchange, check)
    check.value(found.reply, SERVERS, found.reply.sender, host.sender, str(found))
    check.value(found.reply, "is_proxy_offer", found.reply.is_proxy_offer, kind == "proxy", str(found))
    check.that(host.sender in str(found), found.reply, SERVERS, str(found), host.sender)


@pytest.mark.address_server
@pytest.mark.new_node
@pytest.mark.restart
@pytest.mark.covers("segment-fastest-wins")
def test_faster_rogue_is_reported_with_its_lead(
    raced_discover: Exchange, rogue_replies_in: RogueRepliesIn, check: Check
) -> None:
    """While the server pings, or is busy, a rogue that is not has answered: firmware takes the first."""
    found = only_rogue(rogue_replies_in(raced_discover), raced_discover, check)
    first = raced_discover.replies[0]
    check.value(first, SERVERS, first.sender, found.reply.sender, f"first came {first.sender}")
    is_ahead = found.ahead is not None and found.ahead > timedelta(0)
    told = "before the server under test"
    check.that(is_ahead and told in str(found), found.reply, SERVERS, found.ahead, told, str(found))


@pytest.mark.address_server
@pytest.mark.new_node
@pytest.mark.restart
@pytest.mark.covers("segment-fastest-wins")
def test_faster_rogue_decides_what_a_node_boots(
    raced_discover: Exchange, rogue_replies_in: RogueRepliesIn, check: Check
) -> None:
    """By EDK2's rules the first plain offer with a boot file counts; one for PXE clients comes before it."""
    rogue = only_rogue(rogue_replies_in(raced_discover), raced_discover, check).reply
    others = [reply.message for reply in raced_discover.replies if reply != rogue]
    is_preferred = any(has_vendor_class(PXE_CLASS, message) for message in others)
    outcome = boots_from(EDK2_PXE_X86_64, [reply.message for reply in raced_discover.replies])
    expected = boots_from(EDK2_PXE_X86_64, others if is_preferred else [rogue.message])
    told = f"{EDK2_PXE_X86_64} would boot {outcome}, expected {expected}"
    check.value(raced_discover, "boots", outcome.url, expected.url, told)


@pytest.mark.covers("segment-rogue-nak", "iPXE-nak-of-another")
def test_rogue_that_only_refuses_is_named(
    rogue: Rogue,
    booted_node: EdgeNode,
    rogue_replies_in: RogueRepliesIn,
    only_expected_in: OnlyExpectedIn,
    check: Check,
) -> None:
    """It offers nothing, so no DHCPDISCOVER reveals it; its DHCPNAK ends the lease that was just given."""
    with rogue("naking") as host:
        offered = booted_node.discover(grace=Wait.OTHER_SERVERS)
        requested = booted_node.exchange(booted_node.selecting(offered.offer), replies=2)
    only_expected_in(offered)
    found = only_rogue(rogue_replies_in(requested), requested, check)
    check.value(found.reply, "message_type", found.reply.message.name, "DHCPNAK", str(found))
    check.value(found.reply, SERVERS, found.reply.sender, host.sender, str(found))


@pytest.mark.covers("segment-rogue-named")
def test_segment_is_clean_when_the_rogue_has_gone(
    rogue: Rogue,
    booted_node: EdgeNode,
    contract: Contract,
    rogue_replies_in: RogueRepliesIn,
    only_expected_in: OnlyExpectedIn,
    check: Check,
) -> None:
    """The same node, when it asks again, is answered by the expected servers only."""
    with rogue("server"):
        before = booted_node.discover(replies=contract.servers + 1)
    after = booted_node.discover(grace=Wait.OTHER_SERVERS)
    check.value(before, SERVERS, len(rogue_replies_in(before)), 1)
    only_expected_in(after)
    check.answered_by(contract.servers, after)
