"""What a storm needs of a port on the segment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from edgeboot.host.wire.packet_ring import FrameHandler

REPLIES: Final = "udp dst port 68"
"""BPF filter of what a storm receives."""


FETCHES: Final = (
    "arp or udp dst port 68 or udp dst port 4011 or "
    "(udp dst portrange 20000-20255 and ether[0:4] & 0xffffff00 = 0x02eb5700)"
)
"""The same of one whose nodes fetch boot files: from ports of their own, by addresses that they have."""


class Wire(Protocol):
    """Where a storm sends and receives; ``edgeboot.host.wire.packet_ring`` is one."""

    @property
    def send(self) -> Callable[[bytes | bytearray], int]:
        """Send a frame."""

    def drain(self, handle: FrameHandler, /) -> int:
        """Call ``handle`` with each frame that has come; how many there were."""

    def fileno(self) -> int:
        """Readable when a frame has come."""
