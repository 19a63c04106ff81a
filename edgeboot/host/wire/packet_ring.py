"""A packet socket whose received frames the kernel puts into shared memory (packet(7), PACKET_MMAP).

Reading a frame takes no system call and makes no copy, and its time stamp is the kernel's.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Final

from edgeboot.host.wire.ring_socket import TP_STATUS_USER, RingLayout, RingSocket

_TPACKET_V2: Final = 1
_SLOT: Final = 2048
"""Octets for a frame and the kernel's header before it; what does not fit is cut off."""
_SLOT_WORDS: Final = _SLOT // 4
_BLOCK: Final = 1 << 17
_SEND_BUFFER: Final = 4 << 20
# struct tpacket2_hdr in words of 32 bits, and tp_mac in halves of them.
_STATUS, _CAPTURED, _SECONDS, _NANOSECONDS = 0, 2, 4, 5
_FRAME: Final = 6

FrameHandler = Callable[[memoryview, int, int, float], None]
"""Called with memory, where in it the frame begins and ends, and when it came, in seconds since the epoch."""


class PacketRing(RingSocket):
    """Sends and receives frames on one interface, many thousand a second.

    Args:
        interface: its name in ``namespace``.
        namespace: a named network namespace; None for the caller's.
        bpf: filter of the frames received (pcap-filter(7)).
        slots: how many frames wait at most until they are read; 64 make a block of memory.

    Raises:
        OSError: the interface does not exist, or the process lacks CAP_NET_RAW.
    """

    def __init__(self, interface: str, *, namespace: str | None, bpf: str, slots: int = 8192) -> None:
        layout = RingLayout(_TPACKET_V2, _BLOCK, slots * _SLOT // _BLOCK, _SLOT)
        super().__init__(interface, namespace, bpf, layout, hears_itself=False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        self._slots = slots
        self._memory = memoryview(self._map)
        self._words, self._halves = self._memory.cast("I"), self._memory.cast("H")
        self.send: Callable[[bytes | bytearray], int] = self._socket.send
        """Sends a frame unchanged: the socket's own method, since a call more costs as much as the rest."""

    def drain(self, handle: FrameHandler) -> int:
        """Call ``handle`` with each frame that has come; how many there were.

        A frame whose handling was ended by an exception is the first of the next call.
        """
        words, halves, memory, slot, count = self._words, self._halves, self._memory, self._next, 0
        try:
            while True:
                header = slot * _SLOT_WORDS
                if not words[header + _STATUS] & TP_STATUS_USER:
                    return count
                start = slot * _SLOT + halves[2 * header + _FRAME]
                at = words[header + _SECONDS] + words[header + _NANOSECONDS] / 1e9
                handle(memory, start, start + words[header + _CAPTURED], at)
                words[header + _STATUS] = 0
                slot = (slot + 1) % self._slots
                count += 1
        finally:
            self._next = slot

    def close(self) -> None:
        """Give memory and socket back; the interface stays."""
        self._words.release()
        self._halves.release()
        self._memory.release()
        super().close()
