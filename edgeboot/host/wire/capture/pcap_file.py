"""Reads the classic capture file of libpcap (pcap-savefile(5))."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from edgeboot.host.wire.capture.link_types import LINK_TYPES, UNREAD_HINT, named, packet
from edgeboot.host.wire.capture.octets import Damaged, Window
from edgeboot.host.wire.capture.packet import CapturedPacket
from edgeboot.host.wire.capture.reader import LONGEST_PACKET, Reader, Unusable

_MAGIC: Final = {
    b"\xd4\xc3\xb2\xa1": ("<", 1e6),
    b"\xa1\xb2\xc3\xd4": (">", 1e6),
    b"\x4d\x3c\xb2\xa1": ("<", 1e9),
    b"\xa1\xb2\x3c\x4d": (">", 1e9),
}
"""The byte order, and the parts of a second, by the magic number."""
MAGIC: Final = frozenset(_MAGIC)
_HEADER: Final = 24
_VERSION: Final = 2
_LINK_TYPE: Final = 0xFFFF
"""Its part of the header's last word; above it stands how long a frame check sequence is."""


class PcapFile(Reader):
    """The packets of one classic capture file.

    Raises:
        Unusable: its header is cut, of another version, or names a link type that cannot be read.
    """

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        if not window.has(_HEADER):
            raise Unusable("ends within the header of a capture file", "capture again, or copy it anew")
        order, self._parts = _MAGIC[window.octets[:4]]
        major, minor, link_type = struct.unpack_from(f"{order}HH12xI", window.octets, 4)
        if major != _VERSION:
            raise Unusable(
                f"is a capture file of version {major}.{minor}, not 2.4",
                "if it was not damaged on its way, convert it: editcap -F pcapng OLD NEW",
            )
        link_type &= _LINK_TYPE
        if link_type not in LINK_TYPES:
            raise Unusable(f"holds no Ethernet frames ({named(link_type)})", UNREAD_HINT)
        self._to_ethernet = LINK_TYPES[link_type]
        self._record = struct.Struct(f"{order}IIII")
        window.at = _HEADER

    def packets(self) -> Iterator[CapturedPacket]:
        """All of them, in the file's order.

        Raises:
            Damaged: the file ends within one, or one cannot be as long as it says.
        """
        window, unpack, to_ethernet, parts = (
            self._window,
            self._record.unpack_from,
            self._to_ethernet,
            self._parts,
        )
        size = self._record.size
        while window.has(size):
            self.number = number = self.number + 1
            seconds, fraction, length, wire_length = unpack(window.octets, window.at)
            if length > LONGEST_PACKET:
                raise Damaged(
                    f"packet {number} at octet {window.offset} would have {length} octets,"
                    f" more than any ({LONGEST_PACKET})"
                )
            if not window.has(size + length):
                raise Damaged(f"it ends within packet {number}, which begins at octet {window.offset}")
            begin = window.at + size
            window.at = begin + length
            octets = window.octets[begin : window.at]
            at = seconds + fraction / parts
            yield packet(number, at, octets, max(length, wire_length), to_ethernet, 0)
        if window.has(1):
            raise Damaged(f"it ends within the header of packet {self.number + 1}, at octet {window.offset}")
