"""Framings: functions that send a message in malformed Ethernet, IP and UDP headers or fragments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Dot1Q
from scapy.packet import Packet

from edgeboot.base.mac import BROADCAST
from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT
from edgeboot.host.wire.frame import ethernet_header
from edgeboot.stress.malformed.case import LIMITED_BROADCAST, Framing, WellFormedMessage

IP_OFFSET: Final = 14
UDP_OFFSET: Final = IP_OFFSET + 20
Fragment = tuple[int, int | None, bool]
"""Start and end offset in the datagram (None: to its end), and the More Fragments flag."""
_FRAGMENT_SIZE: Final = 1480
"""Octets of a datagram in a frame of the full MTU of 1500."""


def ethernet(**fields: Any) -> Framing:
    """Set fields of the Ethernet header, by scapy's names."""
    return lambda good: (bytes(_ether(good, **fields) / _ip() / _udp() / good.payload),)


def tagged(*identifiers: int) -> Framing:
    """Put the frame into VLAN tags (IEEE 802.1Q), the outermost first."""

    def framing(good: WellFormedMessage) -> tuple[bytes, ...]:
        layers = _ether(good)
        for identifier in identifiers:
            layers /= Dot1Q(vlan=identifier)
        return (bytes(layers / _ip() / _udp() / good.payload),)

    return framing


def ip(**fields: Any) -> Framing:
    """Set fields of the IP header, by scapy's names; the checksum is correct unless it is set."""
    return lambda good: (bytes(_ether(good) / _ip(**fields) / _udp() / good.payload),)


def udp(**fields: Any) -> Framing:
    """Set fields of the UDP header, by scapy's names; the checksum is correct unless it is set."""
    return lambda good: (bytes(_ether(good) / _ip() / _udp(**fields) / good.payload),)


def flipped(offset: int) -> Framing:
    """Invert the octet at an offset of the frame without correcting any checksum."""

    def framing(good: WellFormedMessage) -> tuple[bytes, ...]:
        octets = bytearray(good.framed(good.payload))
        octets[offset] ^= 0xFF
        return (bytes(octets),)

    return framing


def shortened(length: int) -> Framing:
    """Truncate the frame to ``length`` octets; a negative length counts from the end."""
    return lambda good: (good.framed(good.payload)[:length],)


def trailing(padding: bytes) -> Framing:
    """Append octets behind the IP datagram, like the padding a switch adds."""
    return lambda good: (good.framed(good.payload) + padding,)


def fragments(*parts: Fragment, payload: bytes | None = None) -> Framing:
    """Send these IP fragments of the datagram; ``payload`` replaces the well-formed one."""

    def framing(good: WellFormedMessage) -> tuple[bytes, ...]:
        datagram = segment(good.payload if payload is None else payload)
        return tuple(_fragment(good, datagram, *part) for part in parts)

    return framing


def giant(length: int) -> Framing:
    """Pad the message with zeros to ``length`` octets and send it in as many fragments as needed."""

    def framing(good: WellFormedMessage) -> tuple[bytes, ...]:
        datagram = segment(good.payload.ljust(length, b"\0"))
        starts = range(0, len(datagram), _FRAGMENT_SIZE)
        ends = ((offset, offset + _FRAGMENT_SIZE) for offset in starts)
        return tuple(_fragment(good, datagram, start, end, end < len(datagram)) for start, end in ends)

    return framing


def in_order(framing: Framing, order: Iterable[int]) -> Framing:
    """Select frames of another framing by index, in this order; an index may be repeated."""
    numbers = tuple(order)
    return lambda good: tuple(framing(good)[number] for number in numbers)


def segment(payload: bytes) -> bytes:
    """A UDP header with correct checksum, and the payload."""
    return bytes(_ip() / _udp() / payload)[20:]


def _fragment(good: WellFormedMessage, datagram: bytes, start: int, end: int | None, more: bool) -> bytes:
    """One IP fragment; the identification is half the xid, so that messages are not mixed up."""
    fields = {"id": good.message.xid & 0xFFFF, "frag": start // 8, "flags": "MF" if more else 0}
    return bytes(_ether(good) / _ip(proto=17, **fields) / datagram[start:end])


def _ether(good: WellFormedMessage, **fields: Any) -> Packet:
    header = ethernet_header(good.sender, BROADCAST)
    for name, value in fields.items():
        header.setfieldval(name, value)
    return header


def _ip(**fields: Any) -> IP:
    return IP(**{"src": str(UNSPECIFIED), "dst": str(LIMITED_BROADCAST), "ttl": 64} | fields)


def _udp(**fields: Any) -> UDP:
    return UDP(**{"sport": CLIENT_PORT, "dport": SERVER_PORT} | fields)
