"""A client that does the same all night is told in few lines."""

from __future__ import annotations

from dataclasses import replace

from edgeboot.host.wire.frame import Frame
from edgeboot.report.explained.timeline import timeline
from tests.unit.report.captured import NAK, from_node, from_server
from tests.unit.report.explained.stories import offered, read
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
