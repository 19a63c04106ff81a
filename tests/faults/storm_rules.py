"""Frame rules for storms: messages lost one in so many, and replies in another order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from scapy.layers.dhcp import BOOTP
from scapy.layers.inet import UDP
from scapy.layers.l2 import Ether

from edgeboot.stress.storm.numbering import STORM_PREFIX
from tests.faults.frame_rules import FrameRule, Outgoing, message_type

_WAY: Final = timedelta(seconds=0.2)
_EPHEMERAL: Final = 5000
"""The ports of transfers are behind those of DHCP and of a boot server."""
_NEXT: Final = timedelta(seconds=0.05)


class LossInStorms(FrameRule):
    """Drops one of so many DHCP messages of a storm's nodes, and to them.

    Args:
        one_of: how many pass, with the one that does not.
        kinds: of which it is one; of all without any.
    """

    def __init__(self, one_of: int, *kinds: str) -> None:
        self._one_of, self._kinds, self._seen = one_of, kinds, 0

    def from_segment(self, frame: bytes) -> Iterator[Outgoing]:
        """The frame, unless its turn has come."""
        packet = Ether(frame)
        if BOOTP in packet and packet[BOOTP].chaddr.startswith(STORM_PREFIX):
            self._seen += not self._kinds or message_type(packet) in self._kinds
            if self._seen == self._one_of:
                self._seen = 0
                return
        yield Outgoing(frame)

    def from_server(self, frame: bytes) -> Iterator[Outgoing]:
        """The same in the other direction."""
        return self.from_segment(frame)


class SlowTftp(FrameRule):
    """Delays what a TFTP server sends, as on a line to another place; DHCP is as fast as ever."""

    def from_server(self, frame: bytes) -> Iterator[Outgoing]:
        """The frame, a little later if it has a packet of TFTP."""
        udp = Ether(frame).getlayer(UDP)
        is_tftp = udp is not None and udp.sport >= _EPHEMERAL
        yield Outgoing(frame, _WAY if is_tftp else timedelta(0))


class ReorderedReplies(FrameRule):
    """Delays every other DHCP reply, so that the next ones overtake it."""

    def __init__(self) -> None:
        self._held_back = False

    def from_server(self, frame: bytes) -> Iterator[Outgoing]:
        """The frame, now or a little later."""
        if BOOTP in Ether(frame):
            self._held_back = not self._held_back
            yield Outgoing(frame, _NEXT if self._held_back else timedelta(0))
        else:
            yield Outgoing(frame)
