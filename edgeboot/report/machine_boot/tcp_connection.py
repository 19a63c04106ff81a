"""A machine's TCP connections as a capture shows them: each direction's octets in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.host.wire.frame import Frame

_IPV4: Final = b"\x08\x00"
_TCP: Final = 6
_FIN: Final = 0x01
_SYN: Final = 0x02
_RST: Final = 0x04
_WRAP: Final = 1 << 32


@dataclass(slots=True)
class Stream:
    """One direction of a connection."""

    start: int | None = None
    """The number of its first octet: after the SYN, or of the first segment that was captured."""
    segments: dict[int, bytes] = field(default_factory=dict)
    times: dict[int, float] = field(default_factory=dict)
    end: int | None = None
    """How many octets it has, by its FIN; None where none was captured."""
    was_reset: bool = False

    def take(self, at: float, sequence: int, flags: int, payload: bytes) -> None:
        """One more segment, in any order."""
        if flags & _SYN:
            self.start = (sequence + 1) % _WRAP
        self.was_reset |= bool(flags & _RST)
        if payload or flags & _FIN:
            self.start = sequence if self.start is None else self.start
            offset = (sequence - self.start) % _WRAP
            if len(payload) > len(self.segments.get(offset, b"")):
                self.segments[offset] = payload
                self.times.setdefault(offset, at)
            if flags & _FIN:
                self.end = offset + len(payload)

    @property
    def octets(self) -> bytes:
        """As far as they came without a gap."""
        whole = bytearray()
        for offset in sorted(self.segments):
            if offset > len(whole):
                break
            segment, old = self.segments[offset], bytes(whole[offset:])
            # One that was sent again may be shorter than what is there.
            whole[offset:] = segment if len(segment) > len(old) else old
        return bytes(whole)

    @property
    def is_whole(self) -> bool:
        """Whether its end was captured, and everything before it."""
        return self.end is not None and len(self.octets) == self.end

    @property
    def was_ended(self) -> bool:
        """Whether who sends in this direction has closed the connection, or broken it off."""
        return self.end is not None or self.was_reset

    def at(self, offset: int) -> float:
        """When the octet at an offset passed."""
        before = [start for start in self.segments if start <= offset]
        return self.times[max(before)] if before else 0.0


@dataclass(slots=True)
class TcpConnection:
    """One that the machine has opened."""

    server: IPv4Address
    sent: Stream = field(default_factory=Stream)
    """By the machine."""
    received: Stream = field(default_factory=Stream)
    server_mac: MacAddress | None = None
    """Where the first answer came from; None without any."""


def tcp_connections(mac: MacAddress, frames: Sequence[Frame]) -> tuple[TcpConnection, ...]:
    """Every connection of a machine, told apart by server and ports."""
    every: dict[tuple[IPv4Address, int, int], TcpConnection] = {}
    for frame in frames:
        segment = _segment(frame.untagged)
        own = frame.octets[6:12] == mac.packed
        if segment is None or not (own or frame.octets[:6] == mac.packed):
            continue
        source, destination, ports, sequence, flags, payload = segment
        key = (destination, ports[1], ports[0]) if own else (source, *ports)
        connection = every.setdefault(key, TcpConnection(key[0]))
        (connection.sent if own else connection.received).take(frame.at, sequence, flags, payload)
        if not own and connection.server_mac is None:
            connection.server_mac = MacAddress(frame.octets[6:12])
    return tuple(every.values())


def _segment(frame: Frame) -> tuple[IPv4Address, IPv4Address, tuple[int, int], int, int, bytes] | None:
    packet = frame.octets[14:]
    if frame.octets[12:14] != _IPV4 or len(packet) < 40 or packet[9] != _TCP:
        return None
    total, tcp = int.from_bytes(packet[2:4]), packet[4 * (packet[0] & 0xF) :]
    payload = tcp[4 * (tcp[12] >> 4) : total - 4 * (packet[0] & 0xF)]
    ports = (int.from_bytes(tcp[:2]), int.from_bytes(tcp[2:4]))
    addresses = (IPv4Address(packet[12:16]), IPv4Address(packet[16:20]))
    return (*addresses, ports, int.from_bytes(tcp[4:8]), tcp[13], payload)
