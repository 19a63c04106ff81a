"""What a bad boot server does to a TFTP transfer (RFC 1350, 2347 to 2349, 7440)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether
from scapy.packet import Raw

from tests.faults.frame_rules import Packet, Sent, Wire, built

TFTP_PORT: Final = 69
WRQ, DATA, ACK, ERROR, OACK = 2, 3, 4, 5, 6
FULL_BLOCK: Final = 512
Change = Callable[[bytes], bytes | None]


class Transfers(Wire):
    """Changes what the boot server says of one kind; what becomes None is lost."""

    def __init__(self, opcode: int, change: Change) -> None:
        self._opcode, self._change = opcode, change

    def from_server(self, frame: bytes) -> Iterator[Sent]:
        """The packet as the fault leaves it."""
        packet = Ether(frame)
        if said(packet) == self._opcode:
            changed = self._change(bytes(packet[UDP].payload))
            if changed is None:
                return
            packet[UDP].payload = Raw(changed)
            frame = built(packet)
        yield Sent(frame)


class Once(Wire):
    """No block is ever sent a second time."""

    def __init__(self) -> None:
        self._seen: set[tuple[int, int, bytes]] = set()

    def from_server(self, frame: bytes) -> Iterator[Sent]:
        """Unless it was sent before."""
        packet = Ether(frame)
        if said(packet) == DATA:
            key = (packet[UDP].sport, packet[UDP].dport, bytes(packet[UDP].payload)[:4])
            if key in self._seen:
                return
            self._seen.add(key)
        yield Sent(frame)


class Apprentice(Wire):
    """Each acknowledgement brings the next block, the second for the same block, too."""

    def __init__(self) -> None:
        self._last: dict[tuple[int, int], bytes] = {}
        self._acknowledged: set[tuple[int, int, bytes]] = set()

    def from_server(self, frame: bytes) -> Iterator[Sent]:
        """Remember the block."""
        packet = Ether(frame)
        if said(packet) == DATA:
            self._last[packet[UDP].dport, packet[UDP].sport] = frame
        yield Sent(frame)

    def from_segment(self, frame: bytes) -> Iterator[Sent]:
        """Pass it on, or answer it with the last block once more."""
        packet = Ether(frame)
        if said(packet) == ACK:
            way = (packet[UDP].sport, packet[UDP].dport)
            key = (*way, bytes(packet[UDP].payload)[:4])
            if key in self._acknowledged and way in self._last:
                yield Sent(self._last[way], back=True)
                return
            self._acknowledged.add(key)
        yield Sent(frame)


class Writable(Wire):
    """Whoever asks to write is told to go on."""

    def from_segment(self, frame: bytes) -> Iterator[Sent]:
        """A write request is acknowledged, everything else passes."""
        packet = Ether(frame)
        if said(packet) != WRQ:
            yield Sent(frame)
            return
        ends = IP(src=packet[IP].dst, dst=packet[IP].src) / UDP(sport=40000, dport=packet[UDP].sport)
        answer = Ether(src=packet.dst, dst=packet.src) / ends / Raw(bytes((0, ACK, 0, 0)))
        yield Sent(bytes(answer), back=True)


def said(packet: Packet) -> int | None:
    """The opcode, where it may be TFTP."""
    if UDP not in packet or min(packet[UDP].sport, packet[UDP].dport) < TFTP_PORT:
        return None
    payload = bytes(packet[UDP].payload)
    return payload[1] if len(payload) >= 4 and payload[0] == 0 else None


def another_size(packet: bytes) -> bytes:
    """tsize one too large (RFC 2349)."""
    name, _, rest = packet.partition(b"tsize\0")
    size, _, others = rest.partition(b"\0")
    return packet if not rest else name + b"tsize\0%d\0" % (int(size) + 1) + others


def larger_window(packet: bytes) -> bytes:
    """A window nobody asked for (RFC 7440 section 3)."""
    return packet + b"windowsize\x0064\0"


def without_empty_block(packet: bytes) -> bytes | None:
    """The last block of a file of whole blocks is left out."""
    return packet if len(packet) > 4 else None


def another_code(packet: bytes) -> bytes:
    """Not defined, in place of file not found."""
    return packet[:2] + b"\0\0" + packet[4:]
