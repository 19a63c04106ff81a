"""When frames passed on the wire, by the kernel's time stamps, whoever sent them.

Two rings take the messages as they arrive: what the client sends at the server's end of the cable, and what
the server sends at the client's. They are read when it is over, so that the reader takes no time meanwhile.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.host.wire.packet_ring import PacketRing
from edgeboot.stress.storm.reply_reader import U32, message_at, told_in

_BOTH_PORTS: Final = "udp dst port 67 or udp dst port 68"
_SLOTS: Final = 16_384
_XID: Final = 4


class WireTimes:
    """The time from each DHCPDISCOVER to its first DHCPOFFER, in seconds."""

    def __init__(self, at_client: PacketRing, at_server: PacketRing) -> None:
        self._ends = at_client, at_server

    def to_offer(self) -> float:
        """In the mean; no message may have been lost, or the mean is of others than the client's."""
        at_client, at_server = self._ends
        asked = _first(at_server, MessageType.DHCPDISCOVER)
        offered = _first(at_client, MessageType.DHCPOFFER)
        return statistics.fmean(at - asked[xid] for xid, at in offered.items() if xid in asked)


@contextmanager
def wire_times(client: tuple[str, str], server: tuple[str, str]) -> Iterator[WireTimes]:
    """Stamps what passes within it; each end is the name of a namespace and of its interface."""
    (at_client, client_end), (at_server, server_end) = client, server
    with (
        closing(PacketRing(client_end, namespace=at_client, bpf=_BOTH_PORTS, slots=_SLOTS)) as received,
        closing(PacketRing(server_end, namespace=at_server, bpf=_BOTH_PORTS, slots=_SLOTS)) as sent,
    ):
        yield WireTimes(received, sent)


def _first(ring: PacketRing, message_type: MessageType) -> dict[int, float]:
    """When the first message of this type came in each transaction."""
    first: dict[int, float] = {}

    def on_frame(memory: memoryview, start: int, end: int, at: float) -> None:
        message = message_at(memory, start)
        if told_in(memory, message, end)[0] == message_type:
            first.setdefault(U32(memory, message + _XID)[0], at)

    ring.drain(on_frame)
    assert not ring.dropped, "the rings are too small for this run"
    return first
