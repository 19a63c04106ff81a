"""Ethernet frames with UDP in them: built and dissected by scapy, checksums verified."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Address
from typing import Final

from scapy.config import conf

conf.ipv6_enabled = False  # Reads the host's IPv6 routes on import otherwise; we speak IPv4.

from scapy.layers.inet import IP, UDP, in4_chksum  # noqa: E402
from scapy.layers.l2 import Ether  # noqa: E402
from scapy.utils import checksum  # noqa: E402

from edgeboot.mac import MacAddress  # noqa: E402

_HEADER_LENGTH: Final = 14


class Checksum(Enum):
    """What a received checksum is worth."""

    VALID = "valid"
    WRONG = "wrong"
    ABSENT = "absent"
    """Zero: UDP over IPv4 may leave it out (RFC 768)."""
    PENDING = "pending"
    """Left to the network card by a sender on this machine; on a real wire it is filled in,
    but a client that reads raw packets on a veth drops the frame."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One Ethernet frame as it passed a port.

    ``at`` is seconds since the epoch by the kernel's clock; ``sent`` tells our own
    frames from received ones.
    """

    octets: bytes
    at: float
    sent: bool = False
    checksum_pending: bool = False


@dataclass(frozen=True, slots=True)
class Datagram:
    """A frame's UDP datagram and everything that says who sent it to whom."""

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
        """Address and MAC, as messages name a server."""
        return f"{self.source} ({self.source_mac})"


def layers(frame: Frame) -> Ether:
    """The frame as scapy's layers; without any above Ethernet where it is too short for a header."""
    return Ether(frame.octets if len(frame.octets) >= _HEADER_LENGTH else b"")


def dissect(frame: Frame) -> Datagram | None:
    """The frame's UDP datagram; None when it carries none, or only a fragment of one."""
    ether = layers(frame)
    ip = ether.getlayer(IP)
    if ip is None or ip.frag or int(ip.flags) & 1:
        return None
    udp = ip.getlayer(UDP)
    if udp is None:
        return None
    packet = bytes(ip.original)
    header_length = 4 * ip.ihl
    segment = packet[header_length : ip.len]
    return Datagram(
        source_mac=MacAddress.parse(ether.src),
        destination_mac=MacAddress.parse(ether.dst),
        source=IPv4Address(ip.src),
        destination=IPv4Address(ip.dst),
        ttl=ip.ttl,
        source_port=udp.sport,
        destination_port=udp.dport,
        payload=segment[8 : udp.len],
        ip_checksum=Checksum.VALID if checksum(packet[:header_length]) == 0 else Checksum.WRONG,
        udp_checksum=_udp_checksum(frame, ip, segment),
    )


def udp_frame(
    source_mac: MacAddress,
    destination_mac: MacAddress,
    source: tuple[IPv4Address, int],
    destination: tuple[IPv4Address, int],
    payload: bytes,
) -> bytes:
    """A frame that carries ``payload`` from one (address, port) to another."""
    return bytes(
        Ether(src=str(source_mac), dst=str(destination_mac))
        / IP(src=str(source[0]), dst=str(destination[0]), ttl=64)
        / UDP(sport=source[1], dport=destination[1])
        / payload
    )


def _udp_checksum(frame: Frame, ip: IP, segment: bytes) -> Checksum:
    if segment[6:8] == b"\0\0":
        return Checksum.ABSENT
    if in4_chksum(17, ip, segment) in {0, 0xFFFF}:
        return Checksum.VALID
    return Checksum.PENDING if frame.checksum_pending else Checksum.WRONG
