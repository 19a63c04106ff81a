"""Reads the capture file of Wireshark (pcapng; draft-ietf-opsawg-pcapng)."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from edgeboot.host.wire.capture.link_types import LINK_TYPES, ToEthernet, packet
from edgeboot.host.wire.capture.octets import Damaged, Window
from edgeboot.host.wire.capture.packet import CapturedPacket
from edgeboot.host.wire.capture.reader import LONGEST_PACKET, Reader

MAGIC: Final = b"\x0a\x0d\x0d\x0a"
BYTE_ORDER: Final = 0x1A2B3C4D
_ORDERS: Final = {BYTE_ORDER.to_bytes(4, "little"): "<", BYTE_ORDER.to_bytes(4): ">"}
SECTION: Final = int.from_bytes(MAGIC)
INTERFACE, _OLD_PACKET, _SIMPLE_PACKET, STATISTICS, PACKET = 1, 2, 3, 5, 6
"""Types of blocks."""
_AROUND: Final = 12
"""Octets of a block beside its body: its type, and its length twice."""
_LONGEST_BLOCK: Final = 16 << 20
"""Wireshark's own limit."""
INTERFACE_NAME, _RESOLUTION, _OFFSET = 2, 9, 14
"""Options of an interface."""
DROPPED_BY_INTERFACE, _DROPPED_BY_SYSTEM = 5, 7
"""Options of an interface's statistics."""
_DROPPED: Final = frozenset({DROPPED_BY_INTERFACE, _DROPPED_BY_SYSTEM})
_DROPPED_BEFORE: Final = 4
"""Option of a packet."""
_LATEST: Final = float(1 << 32)
_MICROSECONDS: Final = 10**6
_MOST_INTERFACES: Final = 4096
"""Of one section, so that a hostile file does not fill the memory."""
_UNKNOWN_DROPS: Final = 0xFFFF
_END_OF_OPTIONS: Final = 0


@dataclass(frozen=True, slots=True)
class _Interface:
    """What the packets of one interface are read by."""

    number: int
    link_type: int
    to_ethernet: ToEthernet | None
    snap_length: int
    parts: int
    """Of a second, that its time stamps count."""
    offset: int
    """Seconds to add to them."""

    def time(self, ticks: int) -> float:
        """Seconds since the epoch; zero for what no clock says."""
        at = ticks / self.parts + self.offset
        return at if 0.0 <= at < _LATEST else 0.0


class PcapngFile(Reader):
    """The packets of one file, of any number of sections and interfaces."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._order = "<"
        self._interfaces: list[_Interface] = []
        """Of this section."""
        self._before = 0
        """Interfaces of the sections before it."""
        self._statistics: dict[int, int] = {}
        """Packets dropped at each interface of this section, by the last statistics of it."""
        self._dropped_before = 0
        """Those of the sections before it."""
        self._dropped_between = 0
        """Those that packets themselves tell."""
        self._last = 0.0
        self._blocks: dict[int, Callable[[int, int], CapturedPacket | None]] = {
            SECTION: self._section,
            INTERFACE: self._interface,
            PACKET: self._packet,
            _SIMPLE_PACKET: self._simple_packet,
            _OLD_PACKET: self._old_packet,
            STATISTICS: self._statistics_of,
        }

    def packets(self) -> Iterator[CapturedPacket]:
        """All of them, in the file's order; those of link types that cannot be read are counted.

        Raises:
            Damaged: the file ends within a block, or one cannot be as it says.
        """
        window, blocks = self._window, self._blocks
        while window.has(_AROUND):
            kind, length = self._block()
            read = blocks.get(kind)
            found = read(window.at + 8, window.at + length - 4) if read is not None else None
            window.at += length
            if found is not None:
                yield found
        if window.has(1):
            raise Damaged(f"it ends within the header of a block, at octet {window.offset}")

    @property
    def dropped(self) -> int:
        """Packets that passed and are not in the capture, by its statistics or by the packets after them."""
        return max(self._dropped_before + sum(self._statistics.values()), self._dropped_between)

    def _block(self) -> tuple[int, int]:
        """The type of the block at hand and how long it is; all of it is in the window then."""
        window = self._window
        if window.octets.startswith(MAGIC, window.at):
            self._order = self._order_of(window.octets[window.at + 8 : window.at + _AROUND])
        kind, length = self._unpack("II", window.at)
        if length < _AROUND or length % 4 or length > _LONGEST_BLOCK:
            raise self._damaged(f"would have {length} octets")
        if not window.has(length):
            raise Damaged(f"it ends within the block that begins at octet {window.offset}")
        if self._unpack("I", window.at + length - 4) != (length,):
            raise self._damaged("gives two lengths")
        return kind, length

    def _section(self, _begin: int, _end: int) -> None:
        """Interfaces are counted anew in each section."""
        self._before += len(self._interfaces)
        self._dropped_before += sum(self._statistics.values())
        self._interfaces, self._statistics = [], {}

    def _interface(self, begin: int, end: int) -> None:
        if len(self._interfaces) == _MOST_INTERFACES:
            raise self._damaged(f"describes one interface more than {_MOST_INTERFACES}")
        link_type, snap_length = self._fields("HxxI", begin, end)
        parts, offset = _MICROSECONDS, 0
        for code, value in self._options(begin + 8, end):
            if code == _RESOLUTION and len(value) == 1:
                parts = 2 ** (value[0] & 0x7F) if value[0] & 0x80 else 10 ** value[0]
            elif code == _OFFSET and len(value) == 8:
                [offset] = struct.unpack(f"{self._order}q", value)
        number = self._before + len(self._interfaces)
        to_ethernet = LINK_TYPES.get(link_type)
        self._interfaces.append(_Interface(number, link_type, to_ethernet, snap_length, parts, offset))

    def _packet(self, begin: int, end: int) -> CapturedPacket | None:
        index, high, low, length, wire_length = self._fields("IIIII", begin, end)
        octets = self._octets(begin + 20, length, end)
        options = begin + 20 + length + -length % 4
        if options < end:
            dropped = (value for code, value in self._options(options, end) if code == _DROPPED_BEFORE)
            self._dropped_between += sum(self._counter(value) for value in dropped)
        return self._read(index, high << 32 | low, octets, wire_length)

    def _old_packet(self, begin: int, end: int) -> CapturedPacket | None:
        index, dropped, high, low, length, wire_length = self._fields("HHIIII", begin, end)
        self._dropped_between += dropped if dropped != _UNKNOWN_DROPS else 0
        return self._read(index, high << 32 | low, self._octets(begin + 20, length, end), wire_length)

    def _simple_packet(self, begin: int, end: int) -> CapturedPacket | None:
        """A packet of the first interface; it has no time stamp."""
        [wire_length] = self._fields("I", begin, end)
        snap_length = self._interfaces[0].snap_length if self._interfaces else 0
        length = min(wire_length, snap_length or wire_length)
        return self._read(0, None, self._octets(begin + 4, length, end), wire_length)

    def _statistics_of(self, begin: int, end: int) -> None:
        """Each block of them counts from the capture's beginning."""
        [index] = self._fields("I8x", begin, end)
        dropped = [self._counter(value) for code, value in self._options(begin + 12, end) if code in _DROPPED]
        if index < len(self._interfaces) and dropped:
            self._statistics[index] = sum(dropped)

    def _read(self, index: int, ticks: int | None, octets: bytes, wire_length: int) -> CapturedPacket | None:
        self.number += 1
        if index >= len(self._interfaces):
            raise self._damaged(f"is of interface {index}, which the file has not described")
        interface = self._interfaces[index]
        if interface.to_ethernet is None:
            self.unread[interface.link_type] += 1
            return None
        if ticks is None:
            self.untimed += 1
        else:
            self._last = interface.time(ticks)
        wire_length = max(wire_length, len(octets))
        return packet(self.number, self._last, octets, wire_length, interface.to_ethernet, interface.number)

    def _octets(self, begin: int, length: int, end: int) -> bytes:
        if length > min(LONGEST_PACKET, end - begin):
            raise self._damaged(f"holds a packet of {length} octets, for which it has no room")
        return self._window.octets[begin : begin + length]

    def _options(self, at: int, end: int) -> Iterator[tuple[int, bytes]]:
        """The options up to a block's end; of damaged ones those before the damage."""
        while at + 4 <= end:
            code, length = self._unpack("HH", at)
            at += 4
            if code == _END_OF_OPTIONS or at + length > end:
                return
            yield code, self._window.octets[at : at + length]
            at += length + -length % 4

    def _counter(self, value: bytes) -> int:
        return int.from_bytes(value, "little" if self._order == "<" else "big")

    def _fields(self, layout: str, begin: int, end: int) -> tuple[int, ...]:
        """The fixed fields at a block's beginning."""
        if begin + struct.calcsize(f"{self._order}{layout}") > end:
            raise self._damaged("is shorter than its type is")
        return self._unpack(layout, begin)

    def _unpack(self, layout: str, at: int) -> tuple[int, ...]:
        return struct.unpack_from(self._order + layout, self._window.octets, at)

    def _order_of(self, magic: bytes) -> str:
        if magic not in _ORDERS:
            raise self._damaged("begins a section without its byte order")
        return _ORDERS[magic]

    def _damaged(self, what: str) -> Damaged:
        return Damaged(f"the block at octet {self._window.offset} {what}")
