"""Listens on an interface and sends nothing: a packet socket whose ring holds frames of any length.

Its ring has blocks where that of ``packet_ring`` has slots of 2 KiB (TPACKET_V3): segments that a network
card has put together (GRO), or left to be taken apart (GSO), are up to 64 KiB long.
"""

from __future__ import annotations

import os
import socket
import struct
from typing import Final, Self

from edgeboot.host.wire.capture.link_types import ETHERNET, LINK_TYPES, packet
from edgeboot.host.wire.capture.packet import CapturedPacket
from edgeboot.host.wire.ring_socket import TP_STATUS_USER, RingLayout, RingSocket

_BOOTS: Final = "(arp or (ip and (udp or tcp or icmp)))"
BOOTS: Final = f"{_BOOTS} or (vlan and {_BOOTS})"
"""What clients boot by over IPv4; the kernel takes the outermost VLAN tag off before it filters."""
_TPACKET_V3: Final = 2
_TP_STATUS_CSUMNOTREADY: Final = 1 << 3
_TP_STATUS_VLAN_VALID: Final = 1 << 4
_VLAN: Final = 0xFFF
_BLOCK: Final = 1 << 20
_FRAME: Final = 1 << 11
"""Has no meaning with blocks, but must divide them."""
_RETIRED_AFTER: Final = 50
"""Milliseconds after which a block is handed over that is not full."""
_STATUS: Final = 8
"""Where a block has its status, how many packets it has, and where the first is (struct tpacket_hdr_v1)."""
_BLOCK_HEADER: Final = struct.Struct("=III")
_PACKET_HEADER: Final = struct.Struct("=IIIIIIHxxxxxxI")
"""Where the next packet is, seconds, nanoseconds, octets captured and on the wire, status, where the frame
is, and the VLAN tag (struct tpacket3_hdr); places are counted from the header on."""


class PassiveSource(RingSocket):
    """The frames that pass an interface in either direction.

    It needs CAP_NET_RAW alone. On a bridge it hears what its ports receive (``hearing``).

    Args:
        interface: its name in ``namespace``.
        namespace: a named network namespace; None for the caller's.
        bpf: filter of the frames received (pcap-filter(7)).
        blocks: how many MiB of frames wait at most until they are read.

    Raises:
        OSError: the interface does not exist, or the process lacks CAP_NET_RAW.
    """

    def __init__(
        self, interface: str, *, namespace: str | None = None, bpf: str = BOOTS, blocks: int = 32
    ) -> None:
        layout = RingLayout(_TPACKET_V3, _BLOCK, blocks, _FRAME, (_RETIRED_AFTER, 0, 0))
        super().__init__(interface, namespace, bpf, layout, hears_itself=True)
        self._blocks = blocks
        self._number = 0

    def pending(self) -> list[CapturedPacket]:
        """The packets of the next block that has come, 50 ms after the first of them; none if none has.

        Raises:
            OSError: the interface went down or was removed; if it comes up, packets come again.
        """
        block = self._next * _BLOCK
        status, count, first = _BLOCK_HEADER.unpack_from(self._map, block + _STATUS)
        if not status & TP_STATUS_USER:
            self._raise_error()
            return []
        packets, at = [], block + first
        for _ in range(count):
            found, length = self._packet(at)
            packets.append(found)
            at += length
        # It is the kernel's from here on.
        struct.pack_into("=I", self._map, block + _STATUS, 0)
        self._next = (self._next + 1) % self._blocks
        return packets

    def _packet(self, header: int) -> tuple[CapturedPacket, int]:
        """The packet whose header is there, and how far from it the next header is."""
        self._number += 1
        fields = _PACKET_HEADER.unpack_from(self._map, header)
        following, seconds, nanoseconds, captured, length, status, begin, tag = fields
        octets = self._map[header + begin : header + begin + captured]
        outer = (tag & _VLAN,) if status & _TP_STATUS_VLAN_VALID else ()
        found = packet(
            self._number,
            seconds + nanoseconds / 1e9,
            octets,
            length,
            LINK_TYPES[ETHERNET],
            outer=outer,
            checksum_pending=bool(status & _TP_STATUS_CSUMNOTREADY),
        )
        return found, following

    def _raise_error(self) -> None:
        error = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            raise OSError(error, os.strerror(error), self.interface)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
