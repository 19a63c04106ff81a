"""One DHCP message (RFC 2131 section 2): header and, by ``options``, the options field."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.options import DhcpOption, Options, parse_options
from edgeboot.dhcp.vocabulary import MessageType, OptionCode

BOOTREQUEST: Final = 1
BOOTREPLY: Final = 2
BROADCAST_FLAG: Final = 0x8000
_HEADER: Final = struct.Struct("!BBBBIHH4s4s4s4s16s64s128s")
"""RFC 2131 figure 1, from op to file."""
HEADER_LENGTH: Final = _HEADER.size
"""Octets before the magic cookie."""
_ETHERNET: Final = (1, 6)
"""htype and hlen."""
MINIMUM_LENGTH: Final = 300
"""BOOTP's message length in octets; RFC 1542 section 2.1 has shorter messages padded to it."""
UNSPECIFIED: Final = IPv4Address(0)
LIMITED_BROADCAST: Final = IPv4Address("255.255.255.255")
"""Everybody on the link (RFC 919)."""

_IPXE: Final = b"iPXE"
_TYPES: Final = {each.value: each for each in MessageType}


class MalformedMessage(ValueError):
    """The payload is shorter than a BOOTP header."""


@dataclass(frozen=True, slots=True)
class DhcpMessage:
    """The header fields of RFC 2131 figure 1, under their names there, and the options."""

    op: int
    xid: int
    chaddr: MacAddress
    options: Options = field(default_factory=Options)
    secs: int = 0
    flags: int = 0
    ciaddr: IPv4Address = UNSPECIFIED
    yiaddr: IPv4Address = UNSPECIFIED
    siaddr: IPv4Address = UNSPECIFIED
    giaddr: IPv4Address = UNSPECIFIED
    sname: bytes = b""
    file: bytes = b""
    length: int = 0
    """Length of the UDP payload in octets; 0 for a message not sent yet."""

    @property
    def message_type(self) -> MessageType | None:
        """Option 53, or None where it is absent or unknown."""
        data = self.options.get(OptionCode.DHCP_MESSAGE_TYPE)
        return _TYPES.get(data[0]) if data else None

    @property
    def shown_xid(self) -> str:
        """The xid as captures show it, and in brackets in decimal, as dnsmasq logs it."""
        return f"{self.xid:#010x} ({self.xid})"

    @property
    def name(self) -> str:
        """The message type, such as DHCPOFFER; BOOTREQUEST or BOOTREPLY without a known option 53."""
        if self.message_type is not None:
            return self.message_type.name
        return "BOOTREQUEST" if self.op == BOOTREQUEST else "BOOTREPLY"

    @property
    def wants_broadcast(self) -> bool:
        """The B flag (RFC 2131 figure 2): the client cannot receive unicast yet."""
        return bool(self.flags & BROADCAST_FLAG)

    @property
    def is_of_ipxe(self) -> bool:
        """Whether iPXE has sent it: by its user class, or its own option 175."""
        return self.options.get(OptionCode.USER_CLASS) == _IPXE or OptionCode.ETHERBOOT in self.options

    @property
    def architecture(self) -> int | None:
        """Option 93 (RFC 4578 section 2.1), of several the first; None without one."""
        data = self.options.get(OptionCode.CLIENT_SYSTEM_ARCHITECTURE)
        return int.from_bytes(data[:2]) if data else None

    def encode(self) -> bytes:
        """The message as a UDP payload, padded to BOOTP's 300 octets.

        Raises:
            ValueError: ``sname``, ``file`` or an option is longer than its field.
        """
        for name, length in (("sname", 64), ("file", 128)):
            if len(getattr(self, name)) > length:
                raise ValueError(f"{name} has {len(getattr(self, name))} octets; it holds at most {length}")
        header = _HEADER.pack(
            self.op,
            *_ETHERNET,
            0,
            self.xid,
            self.secs,
            self.flags,
            self.ciaddr.packed,
            self.yiaddr.packed,
            self.siaddr.packed,
            self.giaddr.packed,
            self.chaddr.packed,
            self.sname,
            self.file,
        )
        return (header + self.options.encode()).ljust(MINIMUM_LENGTH, b"\0")

    @classmethod
    def decode(cls, payload: bytes) -> DhcpMessage:
        """Decode a UDP payload; errors in the options field are kept in ``options.faults``.

        Raises:
            MalformedMessage: the payload is shorter than a BOOTP header.
        """
        if len(payload) < HEADER_LENGTH:
            raise MalformedMessage(f"{len(payload)} octets are too few for a BOOTP header of {HEADER_LENGTH}")
        op, _, _, _, xid, secs, flags, *addresses, chaddr, sname, file = _HEADER.unpack_from(payload)
        ciaddr, yiaddr, siaddr, giaddr = map(_address, addresses)
        return cls(
            op=op,
            xid=xid,
            chaddr=MacAddress(chaddr[:6]),
            options=parse_options(payload[HEADER_LENGTH:], file=file, sname=sname),
            secs=secs,
            flags=flags,
            ciaddr=ciaddr,
            yiaddr=yiaddr,
            siaddr=siaddr,
            giaddr=giaddr,
            sname=sname,
            file=file,
            length=len(payload),
        )


@lru_cache(maxsize=4096)
def _address(packed: bytes) -> IPv4Address:
    """One object for an address: most of a capture's messages have the same ones."""
    return IPv4Address(packed)


def option(code: OptionCode, data: bytes | int | IPv4Address, *, size: int = 1) -> DhcpOption:
    """An option whose data is raw octets, an IPv4 address, or an integer of ``size`` octets."""
    if isinstance(data, IPv4Address):
        return DhcpOption(code, data.packed)
    if isinstance(data, int):
        return DhcpOption(code, data.to_bytes(size, "big"))
    return DhcpOption(code, data)
