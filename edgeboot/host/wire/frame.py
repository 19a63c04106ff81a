"""Builds and dissects Ethernet frames with UDP datagrams, and verifies their checksums."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field, replace
from enum import Enum
from ipaddress import IPv4Address
from socket import IPPROTO_UDP
from typing import Final

from scapy.layers.l2 import Ether
from scapy.utils import checksum

from edgeboot.base.mac import NO_MAC, MacAddress

_HEADER_LENGTH: Final = 14
_IPV4: Final = b"\x08\x00"
_TAGGED: Final = b"\x81\x00"
_TAG_LENGTH: Final = 4
_TTL: Final = 64
_IP: Final = struct.Struct("!BBHHHBBH")
"""The header up to its addresses (RFC 791 section 3.1)."""
_VERSION: Final = 4
_SHORTEST_HEADER: Final = 20
_MORE_OR_OFFSET: Final = 0x3FFF
_PROTOCOL: Final = 23
"""Where an untagged frame says what its packet carries."""
_UDP: Final = struct.Struct("!HHHH")


class Checksum(Enum):
    """The state of a received checksum."""

    VALID = "valid"
    WRONG = "wrong"
    ABSENT = "absent"
    """Zero: the checksum is optional in UDP over IPv4 (RFC 768)."""
    PENDING = "pending"
    """Left to the network card by its sender (offload), which puts the sum over the pseudo header there. On
    a real network the card fills it in, but a client that reads raw packets on a veth drops the frame."""
    UNKNOWN = "not known"
    """A part of what it covers was not captured (snap length)."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One Ethernet frame sent or received at a port."""

    octets: bytes
    at: float
    """Time in seconds since the epoch, by the kernel's time stamp if received."""
    sent: bool = False
    """Whether it was sent from the port."""
    checksum_pending: bool = False
    """Whether the sender left the checksum to the network card."""
    fragments: tuple[Frame, ...] = ()
    """What came in its place, where it was put together."""
    number: int = field(default=0, compare=False)
    """In its capture, from 1, as Wireshark counts; 0 where it has none."""

    @property
    def vlan(self) -> int | None:
        """The VLAN identifier of its tag (IEEE 802.1Q), or None; clients without VLANs drop tagged frames."""
        if self.octets[12:_HEADER_LENGTH] != _TAGGED:
            return None
        return int.from_bytes(self.octets[_HEADER_LENGTH : _HEADER_LENGTH + 2]) & 0xFFF

    @property
    def packet(self) -> bytes:
        """What is behind the Ethernet header, without a VLAN tag."""
        return self.untagged.octets[_HEADER_LENGTH:]

    @property
    def is_cut(self) -> bool:
        """Whether a part of its IPv4 packet was not captured, by the length that the packet has itself."""
        octets = self.untagged.octets
        packet = octets[_HEADER_LENGTH:]
        return octets[12:_HEADER_LENGTH] == _IPV4 and len(packet) < int.from_bytes(packet[2:4])

    @property
    def untagged(self) -> Frame:
        """The same frame without its VLAN tag."""
        if self.octets[12:_HEADER_LENGTH] != _TAGGED:
            return self
        return replace(self, octets=self.octets[:12] + self.octets[12 + _TAG_LENGTH :])


@dataclass(frozen=True, slots=True)
class Datagram:
    """A UDP datagram with its addresses, ports and checksum states."""

    source_mac: MacAddress
    destination_mac: MacAddress
    source: IPv4Address
    destination: IPv4Address
    ttl: int
    source_port: int
    destination_port: int
    payload: bytes
    ip_checksum: Checksum
    udp_checksum: Checksum

    @property
    def sender(self) -> str:
        """IP and MAC address of the sender, for messages; the first alone where no Ethernet was captured."""
        return str(self.source) if self.source_mac == NO_MAC else f"{self.source} ({self.source_mac})"


def ethernet_header(source: MacAddress, destination: MacAddress, **fields: int) -> Ether:
    """A header to put in front of a payload, by ``/``; ``fields`` are scapy's, such as type.

    Every header of ours is made here, with its destination: for one without, scapy would send
    an ARP request on this machine's own network.
    """
    return Ether(src=str(source), dst=str(destination), **fields)


def layers(frame: Frame) -> Ether:
    """The frame as scapy layers; an empty Ethernet layer if it is too short for a header."""
    return Ether(frame.octets if len(frame.octets) >= _HEADER_LENGTH else b"")


def dissect(frame: Frame) -> Datagram | None:
    """The frame's UDP datagram; None if it has none, or only a fragment.

    It does not use scapy, for the same reason as ``udp_frame``.
    """
    packet = frame.octets[_HEADER_LENGTH:]
    if frame.octets[12:_HEADER_LENGTH] != _IPV4 or len(packet) < _SHORTEST_HEADER:
        return None
    first, _, total, _, fragment, ttl, protocol, _ = _IP.unpack_from(packet)
    header_length = 4 * (first & 0xF)
    segment = packet[header_length:total]
    if first >> 4 != _VERSION or header_length < _SHORTEST_HEADER or len(segment) < _UDP.size:
        return None
    if fragment & _MORE_OR_OFFSET or protocol != IPPROTO_UDP:
        return None
    source_port, destination_port, length, _ = _UDP.unpack_from(segment)
    return Datagram(
        source_mac=MacAddress(frame.octets[6:12]),
        destination_mac=MacAddress(frame.octets[:6]),
        source=IPv4Address(packet[12:16]),
        destination=IPv4Address(packet[16:20]),
        ttl=ttl,
        source_port=source_port,
        destination_port=destination_port,
        payload=segment[_UDP.size : length],
        ip_checksum=Checksum.VALID if checksum(packet[:header_length]) == 0 else Checksum.WRONG,
        udp_checksum=_udp_checksum(frame, packet[12:20], segment),
    )


def has_port(octets: bytes, ports: frozenset[bytes]) -> bool:
    """Whether an untagged frame has a UDP datagram from or to one of these ports, without dissecting it.

    Args:
        octets: of the frame.
        ports: two octets each.
    """
    if octets[12:_HEADER_LENGTH] != _IPV4 or len(octets) < _HEADER_LENGTH + _SHORTEST_HEADER:
        return False
    udp = _HEADER_LENGTH + 4 * (octets[_HEADER_LENGTH] & 0xF)
    is_udp = octets[_PROTOCOL] == IPPROTO_UDP
    return is_udp and (octets[udp : udp + 2] in ports or octets[udp + 2 : udp + 4] in ports)


def udp_frame(
    source_mac: MacAddress,
    destination_mac: MacAddress,
    source: tuple[IPv4Address, int],
    destination: tuple[IPv4Address, int],
    payload: bytes,
) -> bytes:
    """A frame with a UDP datagram from one (address, port) to another.

    It does not use scapy, which takes forty times as long: a boot file has a thousand frames.
    """
    length = _UDP.size + len(payload)
    ends = source[0].packed + destination[0].packed
    udp = _UDP.pack(source[1], destination[1], length, 0) + payload
    # Zero would mean that there is no checksum (RFC 768).
    udp = udp[:6] + (_udp_sum(ends, udp) or 0xFFFF).to_bytes(2) + udp[8:]
    ip = _IP.pack(0x45, 0, _IP.size + len(ends) + length, 1, 0, _TTL, IPPROTO_UDP, 0)
    ip = ip[:-2] + checksum(ip + ends).to_bytes(2)
    return b"".join((destination_mac.packed, source_mac.packed, _IPV4, ip, ends, udp))


def _udp_checksum(frame: Frame, ends: bytes, segment: bytes) -> Checksum:
    if segment[6:8] == b"\0\0":
        return Checksum.ABSENT
    if _udp_sum(ends, segment) in {0, 0xFFFF}:
        return Checksum.VALID
    if frame.is_cut:
        return Checksum.UNKNOWN
    # What was captured at the sender itself does not say that it is pending, but has what Linux leaves there.
    is_left = int.from_bytes(segment[6:8]) == 0xFFFF ^ int(checksum(_pseudo_header(ends, segment)))
    return Checksum.PENDING if frame.checksum_pending or is_left else Checksum.WRONG


def _udp_sum(ends: bytes, segment: bytes) -> int:
    """The checksum over pseudo header and segment (RFC 768); zero if the segment has a correct one."""
    return int(checksum(_pseudo_header(ends, segment) + segment))


def _pseudo_header(ends: bytes, segment: bytes) -> bytes:
    return ends + struct.pack("!HH", IPPROTO_UDP, len(segment))
