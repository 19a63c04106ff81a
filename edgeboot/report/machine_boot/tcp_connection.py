"""A machine's TCP connections as a capture shows them: each direction's octets in their order, as they come.

Nothing is kept of what was read. Segments that came before their turn wait for it, up to a limit; what the
other side has acknowledged, and the capture lacks, is passed over then, and told to who reads.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Final, Protocol

from edgeboot.base.mac import MacAddress
from edgeboot.host.wire.frame import Frame

FIN: Final = 0x01
SYN: Final = 0x02
RST: Final = 0x04
ACK: Final = 0x10
_IPV4: Final = b"\x08\x00"
_TCP: Final = 6
_ETHERNET: Final = 14
_SHORTEST: Final = 54
"""Octets of a frame with a whole TCP header."""
_WRAP: Final = 1 << 32
_WAITING: Final = 512 * 1024
"""Octets of segments that may wait for those before them: a window without scaling is 64 KiB."""


class Octets(Protocol):
    """Reads one direction of a connection."""

    def __call__(self, at: float, octets: bytes, lacking: int) -> None:
        """The next octets, when they passed, and how many behind them the capture does not have."""


@dataclass(slots=True)
class Stream:
    """One direction of a connection."""

    reads: Octets
    start: int | None = None
    """The number of its first octet: after the SYN, or of the first segment that was captured."""
    length: int = 0
    """Octets that were read."""
    end: int | None = None
    """How many octets it has, by its FIN; None where none was captured."""
    was_reset: bool = False
    acknowledged: int = 0
    """Octets that the other side says to have."""
    waiting: dict[int, tuple[float, bytes, int]] = field(default_factory=dict)
    _waits: int = 0

    def take(self, at: float, sequence: int, flags: int, payload: bytes, lacking: int = 0) -> None:
        """One more segment, in any order; ``lacking`` octets behind the payload were not captured."""
        if flags & SYN:
            self.start = (sequence + 1) % _WRAP
        self.was_reset |= bool(flags & RST)
        size = len(payload) + lacking
        if not size and not flags & FIN:
            return
        if self.start is None:
            self.start = sequence
        offset = (sequence - self.start) % _WRAP
        if offset >= _WRAP // 2:  # Sent before the first that was captured, or a keep-alive.
            return
        if flags & FIN:
            self.end = offset + size
        if offset <= self.length:
            self._read(at, offset, payload, lacking)
            if self.waiting:
                self._drain()
        elif size:
            self._wait(at, offset, payload, lacking)

    def is_another(self, sequence: int) -> bool:
        """Whether a SYN of this number begins another connection, of the same ports."""
        return self.start is not None and self.start != (sequence + 1) % _WRAP

    def _read(self, at: float, offset: int, payload: bytes, lacking: int) -> None:
        known = self.length - offset
        new = len(payload) + lacking - known
        if new > 0:
            self.length += new
            octets = payload[known:] if known else payload
            self.reads(at, octets, new - len(octets))

    def _wait(self, at: float, offset: int, payload: bytes, lacking: int) -> None:
        before = self.waiting.get(offset, (0.0, b"", 0))
        if len(payload) + lacking <= len(before[1]) + before[2]:
            return
        self.waiting[offset] = (at, payload, lacking)
        self._waits += len(payload) - len(before[1])
        if self._waits > _WAITING:
            self._pass_over(min(self.waiting))

    def _drain(self) -> None:
        while self.waiting and (first := min(self.waiting)) <= self.length:
            at, payload, lacking = self.waiting.pop(first)
            self._waits -= len(payload)
            self._read(at, first, payload, lacking)

    def _pass_over(self, until: int) -> None:
        self.reads(self.waiting[until][0], b"", until - self.length)
        self.length = until
        self._drain()

    def settle(self) -> None:
        """Pass over what the other side has acknowledged and the capture lacks."""
        while self.waiting and (first := min(self.waiting)) <= self.acknowledged:
            self._pass_over(first)

    @property
    def is_whole(self) -> bool:
        """Whether its end was captured, and everything before it passed."""
        return self.end is not None and self.length == self.end

    @property
    def was_ended(self) -> bool:
        """Whether who sends in this direction has closed the connection, or broken it off."""
        return self.end is not None or self.was_reset


@dataclass(slots=True)
class TcpConnection:
    """One between a machine and a server."""

    at: float
    """When its first segment passed, in seconds since the epoch."""
    server: IPv4Address
    port: int
    """Of the server."""
    sent: Stream
    """By the machine."""
    received: Stream
    server_mac: MacAddress | None = None
    """Where the first answer came from; None without any."""
    was_opened: bool = False
    """Whether the server has answered the SYN with its own."""

    def take(self, segment: Segment, source_mac: bytes, *, own: bool) -> None:
        """One more segment; ``own`` of the machine."""
        at, sequence, acknowledged, flags, payload, lacking = segment
        stream, other = (self.sent, self.received) if own else (self.received, self.sent)
        if flags & ACK and other.start is not None:
            has = (acknowledged - other.start) % _WRAP
            if other.acknowledged < has < _WRAP // 2:
                other.acknowledged = has
        stream.take(at, sequence, flags, payload, lacking)
        if not own and self.server_mac is None:
            self.server_mac = MacAddress(source_mac)
            self.was_opened = bool(flags & SYN)


Segment = tuple[float, int, int, int, bytes, int]
"""When it passed; sequence and acknowledgement numbers; flags; payload; its octets that were not captured."""


def segment_of(at: float, octets: bytes, header: int) -> Segment | None:
    """The segment of an untagged frame, whose TCP header begins at an offset; None where that is cut."""
    # A segment that the network card will cut into packets (offload) may have no length.
    total = int.from_bytes(octets[16:18]) + 14 if any(octets[16:18]) else len(octets)
    if len(octets) < header + 20:
        return None
    begin = header + 4 * (octets[header + 12] >> 4)
    payload = octets[begin:total]
    lacking = total - begin - len(payload)
    sequence = int.from_bytes(octets[header + 4 : header + 8])
    acknowledged = int.from_bytes(octets[header + 8 : header + 12])
    return at, sequence, acknowledged, octets[header + 13], payload, max(0, lacking)


def segment_in(frame: Frame) -> tuple[int, Segment] | None:
    """Where a frame's TCP header begins, without VLAN tags, and its segment; None where it has none whole."""
    octets = frame.untagged.octets
    if octets[12:14] != _IPV4 or len(octets) < _SHORTEST or octets[23] != _TCP:
        return None
    header = _ETHERNET + 4 * (octets[_ETHERNET] & 0xF)
    segment = segment_of(frame.at, octets, header)
    return None if segment is None else (header, segment)
