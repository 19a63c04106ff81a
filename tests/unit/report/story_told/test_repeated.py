"""A client that does the same all night is told in few lines."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address

from edgeboot.dhcp.message import option
from edgeboot.dhcp.vocabulary import MessageType, OptionCode
from edgeboot.host.wire.frame import Frame
from edgeboot.report.story_told.timeline import timeline
from tests.unit.report.captured import NAK, from_node, from_server
from tests.unit.report.story_told.stories import offered, read
from tests.unit.samples import CONTRACT, NODE, SERVER, SERVER_MAC, XID, message, promised


def naks(count: int) -> list[Frame]:
    """A client that begins anew after each DHCPNAK, with another xid each time."""
    frames: list[Frame] = []
    for number in range(count):
        xid, at = XID + number, 4.0 * number
        asks, took = NODE.discover(xid), NODE.select(xid, CONTRACT.pool.first, SERVER)
        offer = replace(promised(CONTRACT), xid=xid)
        frames += [from_node(asks, at), from_server(offer, at + 0.1)]
        frames += [from_node(took, at + 2), from_server(replace(NAK, xid=xid), at + 2.1)]
    return frames


def test_client_that_loops_is_told_in_few_lines() -> None:
    """It has done so all night."""
    [one] = read(naks(50)).stories
    told = timeline(one)
    assert [each.what for each in told if each.title == "DHCPNAK"] == [
        f"from {SERVER} ({SERVER_MAC}), 50 times"
    ]
    assert len(told) < 20


def test_offers_of_many_servers_are_counted() -> None:
    """The first three, and the last."""
    first, _ = offered(promised(CONTRACT))
    other = [message(*promised(CONTRACT).options, yiaddr=CONTRACT.pool.first + number) for number in range(9)]
    frames = [first, *(from_server(each, 3.0 + number) for number, each in enumerate(other))]
    told = [each.what for each in timeline(read(frames).stories[0]) if each.title == "DHCPOFFER"]
    assert len(told) == 5
    assert told[3] == "5 more; the last is"


def test_request_before_the_first_discover_is_told_with_its_refusal() -> None:
    """A system remembers its address (RFC 2131 section 3.2)."""
    asks = NODE.select(XID, CONTRACT.pool.first, SERVER)
    options = [each for each in asks.options if each.code != OptionCode.SERVER_IDENTIFIER]
    remembers = replace(asks, options=replace(asks.options, entries=tuple(options)))
    discover = replace(NODE.discover(XID), xid=XID + 1)
    frames = [from_node(remembers, 0.0), from_server(NAK, 0.1), from_node(discover, 1.0)]
    told = {each.title: each.what for each in timeline(read(frames).stories[0])}
    assert told["DHCPREQUEST"] == f"for {CONTRACT.pool.first}, without an offer"
    assert told["DHCPNAK"] == f"from {SERVER} ({SERVER_MAC})"


def test_address_of_each_round_is_told() -> None:
    """iPXE is given one as its firmware was; a system keeps the last."""
    frames = [*leased(XID, CONTRACT.pool.first, 0.0), *leased(XID + 1, CONTRACT.pool.first + 1, 9.0)]
    [one] = read(frames).stories
    told = [each.what for each in timeline(one) if each.title == "DHCPACK"]
    assert told == [
        f"DHCPACK of {address} from {SERVER} ({SERVER_MAC})"
        for address in (CONTRACT.pool.first, CONTRACT.pool.first + 1)
    ]


def leased(xid: int, address: IPv4Address, at: float) -> list[Frame]:
    """A client that is given this address."""
    kind = option(OptionCode.DHCP_MESSAGE_TYPE, MessageType.DHCPACK)
    server = option(OptionCode.SERVER_IDENTIFIER, SERVER)
    ack = replace(message(kind, server, yiaddr=address), xid=xid)
    asks, took = NODE.discover(xid), NODE.select(xid, address, SERVER)
    return [from_node(asks, at), from_node(took, at + 2), from_server(ack, at + 2.1)]
