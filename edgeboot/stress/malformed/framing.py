"""How a good message is sent in bent frames: Ethernet, IP and UDP headers, checksums, fragments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Dot1Q, Ether

from edgeboot.base.mac import BROADCAST
from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT
from edgeboot.stress.malformed.case import EVERYBODY, Framing, WellFormedMessage

IP_AT: Final = 14
UDP_AT: Final = IP_AT + 20
Piece = tuple[int, int | None, bool]
"""The datagram's octets from, up to (None: to its end), and whether more is said to follow."""
_PIECE: Final = 1480
"""Octets of a datagram in a full frame."""


def ethernet(**fields: Any) -> Framing:
    """Other values in the Ethernet header."""
    return lambda good: (bytes(_ether(good, **fields) / _ip() / _udp() / good.payload),)


def tagged(*identifiers: int) -> Framing:
    """Inside of VLAN tags (IEEE 802.1Q), the outermost first."""

    def framing(good: WellFormedMessage) -> tuple[bytes, ...]:
        layers = _ether(good)
        for identifier in identifiers:
            layers /= Dot1Q(vlan=identifier)
        return (bytes(layers / _ip() / _udp() / good.payload),)

    return framing


def ip(**fields: Any) -> Framing:
    """Other values in the IP header; its checksum is right where it is not among them."""
    return lambda good: (bytes(_ether(good) / _ip(**fields) / _udp() / good.payload),)


def udp(**fields: Any) -> Framing:
    """Other values in the UDP header; its checksum is right where it is not among them."""
    return lambda good: (bytes(_ether(good) / _ip() / _udp(**fields) / good.payload),)


def flipped(at: int) -> Framing:
    """One octet of the good frame inverted, and nothing made up for it."""

    def framing(good: WellFormedMessage) -> tuple[bytes, ...]:
        octets = bytearray(good.framed(good.payload))
        octets[at] ^= 0xFF
        return (bytes(octets),)

    return framing


def shortened(length: int) -> Framing:
    """The good frame cut on its way; from the end where negative."""
    return lambda good: (good.framed(good.payload)[:length],)


def trailing(more: bytes) -> Framing:
    """Octets behind the IP datagram, as a switch's padding."""
    return lambda good: (good.framed(good.payload) + more,)


def fragments(*pieces: Piece, payload: bytes | None = None) -> Framing:
    """Pieces of the good datagram, or of the one with another payload, each in a frame of its own."""

    def framing(good: WellFormedMessage) -> tuple[bytes, ...]:
        datagram = segment(good.payload if payload is None else payload)
        return tuple(_fragment(good, datagram, *piece) for piece in pieces)

    return framing


def giant(length: int) -> Framing:
    """The message filled up to ``length`` octets, in as many fragments as that needs."""

    def framing(good: WellFormedMessage) -> tuple[bytes, ...]:
        datagram = segment(good.payload.ljust(length, b"\0"))
        starts = range(0, len(datagram), _PIECE)
        return tuple(_fragment(good, datagram, at, at + _PIECE, at + _PIECE < len(datagram)) for at in starts)

    return framing


def in_order(framing: Framing, order: Iterable[int]) -> Framing:
    """The frames of another framing, by their numbers; one may come twice."""
    numbers = tuple(order)
    return lambda good: tuple(framing(good)[number] for number in numbers)


def segment(payload: bytes) -> bytes:
    """UDP header and payload, the checksum right."""
    return bytes(_ip() / _udp() / payload)[20:]


def _fragment(good: WellFormedMessage, datagram: bytes, start: int, end: int | None, more: bool) -> bytes:
    """A part of the datagram; the xid's half is the identification, so that no two messages mix."""
    fields = {"id": good.message.xid & 0xFFFF, "frag": start // 8, "flags": "MF" if more else 0}
    return bytes(_ether(good) / _ip(proto=17, **fields) / datagram[start:end])


def _ether(good: WellFormedMessage, **fields: Any) -> Ether:
    return Ether(**{"src": str(good.sender), "dst": str(BROADCAST)} | fields)


def _ip(**fields: Any) -> IP:
    return IP(**{"src": str(UNSPECIFIED), "dst": str(EVERYBODY), "ttl": 64} | fields)


def _udp(**fields: Any) -> UDP:
    return UDP(**{"sport": CLIENT_PORT, "dport": SERVER_PORT} | fields)
