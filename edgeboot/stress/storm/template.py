"""Frames built once: from node to node only some octets and the checksum differ.

These are the node's number, the address and the server that it has chosen, and the hash of its machine,
where its client identifier has one (systemd-networkd's DUID).

A checksum of the Internet (RFC 1071) is a sum modulo 65535, in which an octet at an even offset
counts 256 times. So that of a changed frame is the old one's sum and, for each number in it, the
number times 1 or 256, as its offset is odd or even.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.mac import BROADCAST
from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.clients.profile import machine_digest
from edgeboot.dhcp.message import LIMITED_BROADCAST, UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT
from edgeboot.host.wire.frame import udp_frame
from edgeboot.stress.storm.numbering import NUMBER_OCTETS, identity_of, machine_of, xid_of

_UDP: Final = 34
"""Where the datagram begins: behind Ethernet's 14 octets and IP's 20."""
_CHECKSUM: Final = 40
_MODULUS: Final = 0xFFFF
_U16: Final = struct.Struct("!H")
_U32: Final = struct.Struct("!I")
_DIGEST_OCTETS: Final = 8
_PROBE: Final = 0x010203
_PROBE_ADDRESS: Final = 0x0A0B0C0D
Build = Callable[[int, int, int], bytes]
"""Makes the frame for a node's number, an address and a server, as 32 bits each."""


class FrameTemplate:
    """A frame with gaps for a node's number, an address and a server identifier.

    Args:
        build: makes such a frame the slow way; the template is held against it once.

    Raises:
        ValueError: frames of different nodes differ otherwise than by these numbers.
    """

    def __init__(self, build: Build) -> None:
        empty = build(0, 0, 0)
        self._frame = bytearray(empty)
        self._digest = max(0, empty.find(machine_digest(machine_of(0))))
        hashed = range(self._digest, self._digest + _DIGEST_OCTETS) if self._digest else range(0)
        # Where the number is: Ethernet source, xid, chaddr, and options with MAC address or UUID.
        self._numbers = _gaps(empty, build(_PROBE, 0, 0), NUMBER_OCTETS, hashed)
        addresses = _gaps(empty, build(0, _PROBE_ADDRESS, 0), _U32.size)
        servers = _gaps(empty, build(0, 0, _PROBE_ADDRESS), _U32.size)
        self._address = addresses[0] if addresses else 0
        self._server = servers[0] if servers else 0
        self._sum = _MODULUS - int(_U16.unpack_from(empty, _CHECKSUM)[0])
        if self._digest:
            self._digest_weight = 256 if self._digest % 2 else 1
            # The hash is filled in, so that the sum is that of the frame without one.
            self._sum -= self._digest_weight * int.from_bytes(machine_digest(machine_of(0)), "big")
        # Three octets at an even offset stand where the first three of a word of four stand.
        self._number_weight = sum(256 if gap % 2 == 0 else 1 for gap in self._numbers if gap >= _UDP)
        self._address_weight = 256 if self._address % 2 else 1
        self._server_weight = 256 if self._server % 2 else 1
        sample = (0xFEDCBA, 0xC0A86399, 0x0A0B0CFE)
        if bytes(self.fill(*sample) if addresses else self.fill(sample[0])) != build(*sample):
            raise ValueError("frames of two nodes differ otherwise than by number, hash, address and server")

    def fill(self, number: int, address: int = 0, server: int = 0) -> bytearray:
        """The frame of a node; the same memory each time, so send it before the next call."""
        frame = self._frame
        octets = number.to_bytes(NUMBER_OCTETS, "big")
        for gap in self._numbers:
            frame[gap : gap + NUMBER_OCTETS] = octets
        total = self._sum + self._number_weight * number
        if self._address:
            _U32.pack_into(frame, self._address, address)
            _U32.pack_into(frame, self._server, server)
            total += self._address_weight * address + self._server_weight * server
        if self._digest:
            digest = machine_digest(machine_of(number))
            frame[self._digest : self._digest + _DIGEST_OCTETS] = digest
            total += self._digest_weight * int.from_bytes(digest, "big")
        _U16.pack_into(frame, _CHECKSUM, _MODULUS - total % _MODULUS)
        return frame


def discover_template(client: ClientProfile, transaction: int) -> FrameTemplate:
    """Of a DHCPDISCOVER; raises ValueError where a client's messages make no template."""
    return FrameTemplate(
        lambda number, _address, _server: _broadcast(
            identity_of(number, client).discover(xid_of(number, transaction))
        )
    )


def request_template(client: ClientProfile, transaction: int) -> FrameTemplate:
    """Of a DHCPREQUEST that takes an offer; raises ValueError where a client's messages make no template."""
    return FrameTemplate(
        lambda number, address, server: _broadcast(
            identity_of(number, client).select(
                xid_of(number, transaction), IPv4Address(address), IPv4Address(server)
            )
        )
    )


def _broadcast(message: DhcpMessage) -> bytes:
    ends = (UNSPECIFIED, CLIENT_PORT), (LIMITED_BROADCAST, SERVER_PORT)
    return udp_frame(message.chaddr, BROADCAST, *ends, message.encode())


def _gaps(empty: bytes, filled: bytes, size: int, but: range = range(0)) -> list[int]:
    """Where two frames differ, in pieces of this size, the checksum and the octets ``but`` aside."""
    gaps: list[int] = []
    for offset, (one, other) in enumerate(zip(empty, filled, strict=True)):
        known = offset < (gaps[-1] + size if gaps else 0)
        if one != other and not known and offset not in {_CHECKSUM, _CHECKSUM + 1, *but}:
            gaps.append(offset)
    return gaps
