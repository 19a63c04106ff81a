"""One DHCP message (RFC 2131 section 2): scapy codes the header, ``options`` the options field."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Final

from scapy.layers.dhcp import BOOTP

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.options import DhcpOption, Options, parse_options
from edgeboot.dhcp.vocabulary import MessageType, OptionCode

BOOTREQUEST: Final = 1
BOOTREPLY: Final = 2
BROADCAST_FLAG: Final = 0x8000
HEADER_LENGTH: Final = 236
"""Octets before the magic cookie."""
MINIMUM_LENGTH: Final = 300
"""BOOTP's message length in octets; RFC 1542 section 2.1 has shorter messages padded to it."""
UNSPECIFIED: Final = IPv4Address(0)
LIMITED_BROADCAST: Final = IPv4Address("255.255.255.255")
"""Everybody on the link (RFC 919)."""


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
        if not data or data[0] not in MessageType.__members__.values():
            return None
        return MessageType(data[0])

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

    def encode(self) -> bytes:
        """The message as a UDP payload, padded to BOOTP's 300 octets.

        Raises:
            ValueError: ``sname``, ``file`` or an option is longer than its field.
        """
        for name, length in (("sname", 64), ("file", 128)):
            if len(getattr(self, name)) > length:
                raise ValueError(f"{name} has {len(getattr(self, name))} octets; it holds at most {length}")
        header = BOOTP(
            op=self.op,
            xid=self.xid,
            secs=self.secs,
            flags=self.flags,
            ciaddr=str(self.ciaddr),
            yiaddr=str(self.yiaddr),
            siaddr=str(self.siaddr),
            giaddr=str(self.giaddr),
            chaddr=self.chaddr.packed,
            sname=self.sname,
            file=self.file,
            options=self.options.encode(),
        )
        return bytes(header).ljust(MINIMUM_LENGTH, b"\0")

    @classmethod
    def decode(cls, payload: bytes) -> DhcpMessage:
        """Decode a UDP payload; errors in the options field are kept in ``options.faults``.

        Raises:
            MalformedMessage: the payload is shorter than a BOOTP header.
        """
        if len(payload) < HEADER_LENGTH:
            raise MalformedMessage(f"{len(payload)} octets are too few for a BOOTP header of {HEADER_LENGTH}")
        header = BOOTP(payload[:HEADER_LENGTH])
        return cls(
            op=header.op,
            xid=header.xid,
            chaddr=MacAddress(header.chaddr[:6]),
            options=parse_options(payload[HEADER_LENGTH:], file=header.file, sname=header.sname),
            secs=header.secs,
            flags=int(header.flags),
            ciaddr=IPv4Address(header.ciaddr),
            yiaddr=IPv4Address(header.yiaddr),
            siaddr=IPv4Address(header.siaddr),
            giaddr=IPv4Address(header.giaddr),
            sname=header.sname,
            file=header.file,
            length=len(payload),
        )


def option(code: OptionCode, data: bytes | int | IPv4Address, *, size: int = 1) -> DhcpOption:
    """An option whose data is raw octets, an IPv4 address, or an integer of ``size`` octets."""
    if isinstance(data, IPv4Address):
        return DhcpOption(code, data.packed)
    if isinstance(data, int):
        return DhcpOption(code, data.to_bytes(size, "big"))
    return DhcpOption(code, data)
