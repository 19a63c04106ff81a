"""Rogue servers on the segment: the report names them, and what they would do to a node."""

from __future__ import annotations

from datetime import timedelta

import pytest

from edgeboot.base.deadline import Wait
from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.clients import EDK2_PXE_X86_64, PXE_CLASS
from edgeboot.dhcp.firmware import boots_from
from edgeboot.dhcp.firmware.answers import has_vendor_class
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.labs.protocol import Lab
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange
from edgeboot.report.rogue_servers import RogueReply
from edgeboot.spec.contract.contract import Contract
from fixtures.edge_node import NewEdgeNode
from fixtures.rogue import Rogue, RogueRepliesIn, busy_until_answered_by, rogue_on, segment_of

pytestmark = [pytest.mark.e2e, pytest.mark.neighbours, pytest.mark.own_segment]


def only_rogue(rogue_replies: tuple[RogueReply, ...], exchange: Exchange) -> RogueReply:
    """The only rogue server's reply."""
    rogues = "; ".join(map(str, rogue_replies)) or "none"
    assert len(rogue_replies) == 1, (
        f"expected one rogue server, received {rogues}; received {exchange.received}"
    )
    return rogue_replies[0]


@pytest.fixture(scope="module")
def raced_discover(
    lab: Lab,
    edge_nodes: NewEdgeNode,
    contract: Contract,
    guest_rogue: MacAddress,  # noqa: ARG001 - it is expected then
) -> Exchange:
    """What a new node receives from a rogue and from a server that is busy meanwhile.

    A server that pings a new address first loses the race anyway, one that does not would win some.
    """
    node, observer = edge_nodes(), edge_nodes()
    segment = segment_of(lab, contract)
    with rogue_on(lab, "server", segment) as host, busy_until_answered_by(host, lab, observer.port):
        exchange = node.discover(broadcast=True, replies=contract.servers + 1)
    lab.close_port(observer.port)
    lab.close_port(node.port)
    return exchange


@pytest.mark.covers("segment-rogue-named")
@pytest.mark.parametrize("kind", ["server", "proxy"])
def test_rogue_is_named_by_address_mac_and_offer(
    kind: str, rogue: Rogue, booted_node: EdgeNode, contract: Contract, rogue_replies_in: RogueRepliesIn
) -> None:
    """The report names the one rogue beside the expected servers, and what a node would boot by it."""
    with rogue(kind) as host:
        exchange = booted_node.discover(replies=contract.servers + 1)
    rogue_reply = only_rogue(rogue_replies_in(exchange), exchange)
    assert (rogue_reply.reply.datagram.source, rogue_reply.reply.datagram.source_mac) == (
        host.address.ip,
        host.mac,
    )
    assert rogue_reply.reply.is_proxy_offer == (kind == "proxy"), str(rogue_reply)
    assert host.sender in str(rogue_reply)


@pytest.mark.address_server
@pytest.mark.restart
@pytest.mark.covers("segment-fastest-wins")
def test_faster_rogue_is_reported_with_its_lead(
    raced_discover: Exchange, rogue_replies_in: RogueRepliesIn
) -> None:
    """While the server pings, or is busy, a rogue that is not has answered: firmware takes the first."""
    rogue_reply = only_rogue(rogue_replies_in(raced_discover), raced_discover)
    assert raced_discover.replies[0] == rogue_reply.reply, f"first came {raced_discover.replies[0].sender}"
    assert rogue_reply.ahead is not None, str(rogue_reply)
    assert rogue_reply.ahead > timedelta(0), str(rogue_reply)
    assert "before the server under test" in str(rogue_reply)


@pytest.mark.address_server
@pytest.mark.restart
@pytest.mark.covers("segment-fastest-wins")
def test_faster_rogue_decides_what_a_node_boots(
    raced_discover: Exchange, rogue_replies_in: RogueRepliesIn
) -> None:
    """By EDK2's rules the first plain offer with a boot file counts; one for PXE clients comes before it."""
    rogue = only_rogue(rogue_replies_in(raced_discover), raced_discover).reply
    others = [reply.message for reply in raced_discover.replies if reply != rogue]
    is_preferred = any(has_vendor_class(PXE_CLASS, message) for message in others)
    outcome = boots_from(EDK2_PXE_X86_64, [reply.message for reply in raced_discover.replies])
    expected = boots_from(EDK2_PXE_X86_64, others if is_preferred else [rogue.message])
    assert outcome.url == expected.url, f"would boot {outcome}"


@pytest.mark.covers("segment-rogue-nak", "iPXE-nak-of-another")
def test_rogue_that_only_refuses_is_named(
    rogue: Rogue, booted_node: EdgeNode, rogue_replies_in: RogueRepliesIn
) -> None:
    """It offers nothing, so no DHCPDISCOVER reveals it; its DHCPNAK ends the lease that was just given."""
    with rogue("naking") as host:
        offered = booted_node.discover(grace=Wait.OTHER_SERVERS)
        requested = booted_node.exchange(booted_node.selecting(offered.offer), replies=2)
    assert rogue_replies_in(offered) == ()
    rogue_reply = only_rogue(rogue_replies_in(requested), requested)
    assert rogue_reply.reply.message.message_type is MessageType.DHCPNAK, str(rogue_reply)
    assert (rogue_reply.reply.datagram.source, rogue_reply.reply.datagram.source_mac) == (
        host.address.ip,
        host.mac,
    )


@pytest.mark.covers("segment-rogue-named")
def test_segment_is_clean_when_the_rogue_has_gone(
    rogue: Rogue, booted_node: EdgeNode, contract: Contract, rogue_replies_in: RogueRepliesIn
) -> None:
    """The same node, when it asks again, is answered by the expected servers only."""
    with rogue("server"):
        before = booted_node.discover(replies=contract.servers + 1)
    after = booted_node.discover(grace=Wait.OTHER_SERVERS)
    assert len(rogue_replies_in(before)) == 1
    assert rogue_replies_in(after) == ()
    assert len(after.replies) == contract.servers
