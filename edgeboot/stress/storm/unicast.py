"""The frames of a storm's nodes to single machines: ARP, read requests, acknowledgements of blocks."""

from __future__ import annotations

import struct
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.host.wire.frame import udp_frame
from edgeboot.node.boot.tftp_packets import Opcode
from edgeboot.stress.storm.numbering import NUMBER_OCTETS, STORM_PREFIX, mac_of

ARP: Final = 0x0806
WHO_HAS, IS_AT = 1, 2
_ARP: Final = struct.Struct("!6s6sHHHBBH6sI6sI")
ARP_FIELDS: Final = struct.Struct("!20xH6sI6xI").unpack_from
"""Of a frame with an ARP message: operation, the sender's MAC and IP address, the IP address asked for."""
_ETHERNET: Final = 1
_IPV4: Final = 0x0800
_NOBODY: Final = bytes(6)
_ACK: Final = struct.Struct("!6s6sHBBHHHBBHIIHHHHHH")
_IP_LENGTH: Final = 20 + 8 + 4
_IP_SUM: Final = 0x4500 + _IP_LENGTH + 0x4011
"""Of the header's words without checksum and addresses: version, length, TTL 64 and UDP."""
_MODULUS: Final = 0xFFFF


def who_has(number: int, own: int, address: int) -> bytes:
    """A node asks by ARP for an address; both as 32 bits."""
    mac = mac_of(number).packed
    return _ARP.pack(BROADCAST.packed, mac, ARP, _ETHERNET, _IPV4, 6, 4, WHO_HAS, mac, own, _NOBODY, address)


def is_at(number: int, own: int, asker_mac: bytes, asker: int) -> bytes:
    """A node answers who has asked for its address."""
    mac = mac_of(number).packed
    return _ARP.pack(asker_mac, mac, ARP, _ETHERNET, _IPV4, 6, 4, IS_AT, mac, own, asker_mac, asker)


def datagram(number: int, hop: bytes, own: tuple[int, int], to: tuple[int, int], payload: bytes) -> bytes:
    """A node's datagram from one (address, port) to another, by way of the MAC address ``hop``."""
    ends = (IPv4Address(own[0]), own[1]), (IPv4Address(to[0]), to[1])
    return udp_frame(mac_of(number), MacAddress(hop), *ends, payload)


def acknowledgement(number: int, hop: bytes, own: tuple[int, int], to: tuple[int, int], block: int) -> bytes:
    """The same with a TFTP ACK: a thousand of them for a file, so that it has no UDP checksum (RFC 768)."""
    checksum = _MODULUS - (_IP_SUM + own[0] + to[0]) % _MODULUS
    mac = STORM_PREFIX + number.to_bytes(NUMBER_OCTETS, "big")
    header = (hop, mac, _IPV4, 0x45, 0, _IP_LENGTH, 0, 0, 64, 17, checksum, own[0], to[0])
    return _ACK.pack(*header, own[1], to[1], 12, 0, Opcode.ACK, block)
