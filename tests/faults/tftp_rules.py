"""Frame rules that make a boot server break TFTP (RFC 1350, 2347 to 2349, 7440)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether
from scapy.packet import Raw

from tests.faults.frame_rules import FrameRule, Outgoing, Packet, rebuilt

TFTP_PORT: Final = 69
WRQ, DATA, ACK, ERROR, OACK = 2, 3, 4, 5, 6
FULL_BLOCK: Final = 512
Change = Callable[[bytes], bytes | None]


class TftpRewrite(FrameRule):
    """Rewrites the boot server's packets of one opcode; None drops the packet."""

    def __init__(self, opcode: int, change: Change) -> None:
        self._opcode, self._change = opcode, change

    def from_server(self, frame: bytes) -> Iterator[Outgoing]:
        """The rewritten packet, or any other frame unchanged."""
        packet = Ether(frame)
        if opcode_of(packet) == self._opcode:
            changed = self._change(bytes(packet[UDP].payload))
            if changed is None:
                return
            packet[UDP].payload = Raw(changed)
            frame = rebuilt(packet)
        yield Outgoing(frame)


class NoRetransmission(FrameRule):
    """Drops every retransmitted DATA packet."""

    def __init__(self) -> None:
        self._seen: set[tuple[int, int, bytes]] = set()

    def from_server(self, frame: bytes) -> Iterator[Outgoing]:
        """The frame, unless it is a block that was sent before."""
        packet = Ether(frame)
        if opcode_of(packet) == DATA:
            key = (packet[UDP].sport, packet[UDP].dport, bytes(packet[UDP].payload)[:4])
            if key in self._seen:
                return
            self._seen.add(key)
        yield Outgoing(frame)


class SorcerersApprentice(FrameRule):
    """Answers a duplicate ACK with DATA: the Sorcerer's Apprentice Syndrome (RFC 1123 section 4.2.3.1)."""

    def __init__(self) -> None:
        self._last: dict[tuple[int, int], bytes] = {}
        self._acknowledged: set[tuple[int, int, bytes]] = set()

    def from_server(self, frame: bytes) -> Iterator[Outgoing]:
        """The frame; a block is kept for a duplicate ACK."""
        packet = Ether(frame)
        if opcode_of(packet) == DATA:
            self._last[packet[UDP].dport, packet[UDP].sport] = frame
        yield Outgoing(frame)

    def from_segment(self, frame: bytes) -> Iterator[Outgoing]:
        """The frame, or for a duplicate ACK the last block back to the client."""
        packet = Ether(frame)
        if opcode_of(packet) == ACK:
            ports = (packet[UDP].sport, packet[UDP].dport)
            key = (*ports, bytes(packet[UDP].payload)[:4])
            if key in self._acknowledged and ports in self._last:
                yield Outgoing(self._last[ports], back=True)
                return
            self._acknowledged.add(key)
        yield Outgoing(frame)


class AcceptedWrites(FrameRule):
    """Accepts write requests (WRQ), as a server for boot files must not."""

    def from_segment(self, frame: bytes) -> Iterator[Outgoing]:
        """An ACK back for a write request, every other frame unchanged."""
        packet = Ether(frame)
        if opcode_of(packet) != WRQ:
            yield Outgoing(frame)
            return
        headers = IP(src=packet[IP].dst, dst=packet[IP].src) / UDP(sport=40000, dport=packet[UDP].sport)
        answer = Ether(src=packet.dst, dst=packet.src) / headers / Raw(bytes((0, ACK, 0, 0)))
        yield Outgoing(bytes(answer), back=True)


def opcode_of(packet: Packet) -> int | None:
    """The TFTP opcode; None if the packet cannot be TFTP."""
    if UDP not in packet or min(packet[UDP].sport, packet[UDP].dport) < TFTP_PORT:
        return None
    payload = bytes(packet[UDP].payload)
    return payload[1] if len(payload) >= 4 and payload[0] == 0 else None


def wrong_tsize(packet: bytes) -> bytes:
    """The OACK with ``tsize`` one octet too large (RFC 2349)."""
    name, _, rest = packet.partition(b"tsize\0")
    size, _, others = rest.partition(b"\0")
    return packet if not rest else name + b"tsize\0%d\0" % (int(size) + 1) + others


def unrequested_windowsize(packet: bytes) -> bytes:
    """The OACK with a ``windowsize`` that the client did not request (RFC 7440 section 3)."""
    return packet + b"windowsize\x0064\0"


def without_empty_block(packet: bytes) -> bytes | None:
    """None for an empty DATA packet, which ends a file of whole blocks (RFC 1350 section 6)."""
    return packet if len(packet) > 4 else None


def changed_content(packet: bytes) -> bytes:
    """The first block with another last octet, as of a file that somebody has tampered with."""
    return packet[:-1] + bytes((packet[-1] ^ 1,)) if packet[2:4] == b"\0\1" else packet


def undefined_error_code(packet: bytes) -> bytes:
    """The ERROR with code 0, not defined, in place of 1, file not found."""
    return packet[:2] + b"\0\0" + packet[4:]


def is_read_request(packet: Packet) -> bool:
    """Whether it begins a transfer, at the well-known port."""
    return UDP in packet and packet[UDP].dport == TFTP_PORT
