"""Servers that do not belong on the segment: each is named, and what it would do to a node."""

from __future__ import annotations

import pytest

from edgeboot.base.deadline import Wait
from edgeboot.dhcp.clients import EDK2_PXE_X86_64
from edgeboot.dhcp.firmware import boots_from
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.labs.protocol import Lab
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange
from edgeboot.report.rogue_servers import Stranger
from edgeboot.spec.contract.contract import Contract
from fixtures.edge_node import NewEdgeNode
from fixtures.rogue import Rogue, StrangersIn, rogue_on

pytestmark = [pytest.mark.e2e, pytest.mark.neighbours, pytest.mark.own_segment]


def the_one(strangers: tuple[Stranger, ...], exchange: Exchange) -> Stranger:
    """The only stranger."""
    told = "; ".join(map(str, strangers)) or "none"
    assert len(strangers) == 1, f"expected one stranger, found {told}; received {exchange.received}"
    return strangers[0]


@pytest.fixture(scope="module")
def outrun(
    lab: Lab,
    edge_nodes: NewEdgeNode,
    contract: Contract,
    rested_server: None,  # noqa: ARG001 - it pings
) -> Exchange:
    """What a new node is told by a rogue and by a server that pings its address first.

    One exchange for all who look: of the next node's address the server may know already that
    it is free, from this one's ping, and answer at once.
    """
    node = edge_nodes()
    with rogue_on(lab, "server"):
        exchange = node.discover(replies=contract.servers + 1)
    lab.close_port(node.port)
    return exchange


@pytest.mark.covers("segment-rogue-named")
@pytest.mark.parametrize("kind", ["server", "proxy"])
def test_rogue_is_named_by_address_mac_and_offer(
    kind: str, rogue: Rogue, booted_node: EdgeNode, contract: Contract, strangers_in: StrangersIn
) -> None:
    """Beside the servers that belong, one stranger: who it is, and what it would lead a node to."""
    with rogue(kind) as host:
        exchange = booted_node.discover(replies=contract.servers + 1)
    stranger = the_one(strangers_in(exchange), exchange)
    assert (stranger.reply.datagram.source, stranger.reply.datagram.source_mac) == (host.address.ip, host.mac)
    assert stranger.reply.is_proxy_offer == (kind == "proxy"), str(stranger)
    assert host.sender in str(stranger)


@pytest.mark.address_server
@pytest.mark.restart
@pytest.mark.ability("ping_check")
@pytest.mark.covers("segment-fastest-wins")
def test_rogue_that_is_faster_is_told_so(outrun: Exchange, strangers_in: StrangersIn) -> None:
    """While the server pings for 3 s, a rogue that does not has long answered: firmware takes the first."""
    stranger = the_one(strangers_in(outrun), outrun)
    assert outrun.replies[0] == stranger.reply, f"first came {outrun.replies[0].sender}"
    assert stranger.ahead is not None, str(stranger)
    assert stranger.ahead > Wait.STRAGGLERS.limit, str(stranger)
    assert "before the server under test" in str(stranger)


@pytest.mark.address_server
@pytest.mark.restart
@pytest.mark.ability("ping_check")
@pytest.mark.covers("segment-fastest-wins")
def test_faster_rogue_decides_what_a_node_boots(outrun: Exchange, strangers_in: StrangersIn) -> None:
    """By EDK2's rules the first offer with a boot file counts: the node would boot the rogue's."""
    outcome = boots_from(EDK2_PXE_X86_64, [reply.message for reply in outrun.replies])
    rogue = the_one(strangers_in(outrun), outrun).reply.datagram.source
    assert outcome.url == f"tftp://{rogue}/rogue.efi", f"would boot {outcome}"


@pytest.mark.covers("segment-rogue-nak", "iPXE-nak-of-another")
def test_rogue_that_only_refuses_is_told(
    rogue: Rogue, booted_node: EdgeNode, strangers_in: StrangersIn
) -> None:
    """It offers nothing, so no DHCPDISCOVER finds it; its DHCPNAK ends the lease that was just given."""
    with rogue("naking") as host:
        offered = booted_node.discover(stragglers=Wait.OTHER_SERVERS)
        requested = booted_node.exchange(booted_node.selecting(offered.offer), replies=2)
    assert strangers_in(offered) == ()
    stranger = the_one(strangers_in(requested), requested)
    assert stranger.reply.message.message_type is MessageType.DHCPNAK, str(stranger)
    assert (stranger.reply.datagram.source, stranger.reply.datagram.source_mac) == (host.address.ip, host.mac)


@pytest.mark.covers("segment-rogue-named")
def test_segment_is_clean_when_the_rogue_has_gone(
    rogue: Rogue, booted_node: EdgeNode, contract: Contract, strangers_in: StrangersIn
) -> None:
    """The same node, asked again, is answered by those who belong and nobody else."""
    with rogue("server"):
        before = booted_node.discover(replies=contract.servers + 1)
    after = booted_node.discover(stragglers=Wait.OTHER_SERVERS)
    assert len(strangers_in(before)) == 1
    assert strangers_in(after) == ()
    assert len(after.replies) == contract.servers
