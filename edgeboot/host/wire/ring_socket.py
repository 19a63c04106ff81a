"""A packet socket whose received frames the kernel puts into shared memory (packet(7), PACKET_MMAP)."""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from typing import Final

from edgeboot.host.wire.packet_socket import (
    SOL_PACKET,
    attach_filter,
    dropped_frames,
    make_promiscuous,
    packet_socket,
)

TP_STATUS_USER: Final = 1
"""The frame, or the block of them, is ours to read."""
_ETH_P_ALL: Final = 0x0003
_PACKET_IGNORE_OUTGOING: Final = 23
"""Linux 4.20 and later: without it the socket would be given a copy of each frame that it sends."""
_PACKET_RX_RING: Final = 5
_PACKET_VERSION: Final = 10


@dataclass(frozen=True, slots=True)
class RingLayout:
    """How the kernel divides the memory (struct tpacket_req, and of version 3 its successor)."""

    version: int
    """Of the headers: 1 is TPACKET_V2, 2 is TPACKET_V3."""
    block: int
    """Octets of a block."""
    blocks: int
    frame: int
    """Octets of a frame's slot, which divide a block."""
    more: tuple[int, ...] = ()
    """What version 3 wants to know beside: milliseconds until a block is handed over, and two words more."""

    @property
    def size(self) -> int:
        """Octets of all."""
        return self.block * self.blocks

    def packed(self) -> bytes:
        """As the kernel wants it."""
        words = (self.block, self.blocks, self.frame, self.size // self.frame, *self.more)
        return struct.pack(f"{len(words)}I", *words)


class RingSocket:
    """The socket, bound to an interface and promiscuous, and its memory; a subclass reads that.

    Args:
        interface: its name in ``namespace``.
        namespace: a named network namespace; None for the caller's.
        bpf: filter of the frames received (pcap-filter(7)).
        layout: of the memory.
        hears_itself: whether frames that this machine sends are received, too.

    Raises:
        OSError: the interface does not exist, or the process lacks CAP_NET_RAW.
    """

    def __init__(
        self, interface: str, namespace: str | None, bpf: str, layout: RingLayout, *, hears_itself: bool
    ) -> None:
        self.interface = interface
        self._next = 0
        self._dropped = 0
        self._socket = sock = packet_socket(namespace)
        try:
            attach_filter(sock, bpf)
            sock.setsockopt(SOL_PACKET, _PACKET_VERSION, layout.version)
            sock.setsockopt(SOL_PACKET, _PACKET_RX_RING, layout.packed())
            self._map = mmap.mmap(sock.fileno(), layout.size)
            if not hears_itself:
                sock.setsockopt(SOL_PACKET, _PACKET_IGNORE_OUTGOING, 1)
            sock.bind((interface, _ETH_P_ALL))
            make_promiscuous(sock, interface)
        except BaseException:
            sock.close()
            raise

    @property
    def dropped(self) -> int:
        """How many frames found the ring full, since it was opened."""
        self._dropped += dropped_frames(self._socket)
        return self._dropped

    def fileno(self) -> int:
        """The socket's file descriptor, which is readable when a frame has come."""
        return self._socket.fileno()

    def close(self) -> None:
        """Give memory and socket back; the interface stays."""
        self._map.close()
        self._socket.close()
