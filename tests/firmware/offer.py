"""What a scripted server says, octet for octet: its offers, and a boot server's answer on port 4011."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.message import BOOTREPLY, UNSPECIFIED, DhcpMessage, option
from edgeboot.dhcp.options import DhcpOption, Options
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code

LEASED: Final = IPv4Address("192.168.99.182")
SITE: Final = IPv4Address("192.168.99.2")
"""The site's own DHCP server, where there is one beside the server under test."""
SERVER: Final = IPv4Address("192.168.99.10")
BOOT_SERVER: Final = IPv4Address("192.168.99.40")
OTHER_BOOT_SERVER: Final = IPv4Address("192.168.99.41")
ROUTER: Final = IPv4Address("192.168.99.1")
HOSTS: Final = (ROUTER, SITE, SERVER, BOOT_SERVER, OTHER_BOOT_SERVER)
"""Every address that answers ARP on the scripted segment."""

LEASE: Final = (
    option(Code.IP_ADDRESS_LEASE_TIME, 3600, size=4),
    option(Code.SUBNET_MASK, IPv4Address("255.255.255.0")),
    option(Code.ROUTER, ROUTER),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A server's reply to DHCPDISCOVER; its DHCPACK says the same."""

    server: IPv4Address
    options: tuple[DhcpOption, ...]
    """After option 53, in this order."""
    yiaddr: IPv4Address = LEASED
    siaddr: IPv4Address = UNSPECIFIED
    sname: bytes = b""
    file: bytes = b""
    after: timedelta = timedelta(0)
    """From the request to the reply."""
    unanswered: int = 0
    """How many DHCPDISCOVERs it ignores first."""
    is_bootp: bool = False
    """Whether it has no option 53."""

    @property
    def leases(self) -> bool:
        """Whether it has an address: a ProxyDHCP's has none, and is not acknowledged."""
        return self.yiaddr != UNSPECIFIED

    def reply_to(self, request: DhcpMessage, message_type: MessageType) -> DhcpMessage:
        """The message to the machine that has asked."""
        kind = () if self.is_bootp else (option(Code.DHCP_MESSAGE_TYPE, message_type),)
        return DhcpMessage(
            BOOTREPLY,
            request.xid,
            request.chaddr,
            Options((*kind, *self.options)),
            flags=request.flags,
            yiaddr=self.yiaddr,
            siaddr=self.siaddr,
            sname=self.sname,
            file=self.file,
        )

    def refusal_of(self, request: DhcpMessage) -> DhcpMessage:
        """The DHCPNAK to the machine that has asked (RFC 2131 section 4.3.2), without its parameters."""
        own = tuple(each for each in self.options if each.code == Code.SERVER_IDENTIFIER)
        refused = replace(self, options=own, yiaddr=UNSPECIFIED, siaddr=UNSPECIFIED, sname=b"", file=b"")
        return refused.reply_to(request, MessageType.DHCPNAK)

    def without(self, *codes: int) -> Offer:
        """The same without these options."""
        return replace(self, options=tuple(each for each in self.options if each.code not in codes))

    def adding(self, *options: DhcpOption) -> Offer:
        """The same with these options behind its own."""
        return replace(self, options=(*self.options, *options))


@dataclass(frozen=True, slots=True)
class Dnsmasq:
    """A real server of the segment: its address, and the lines of its configuration."""

    address: IPv4Address
    lines: tuple[str, ...]

    @property
    def pings(self) -> bool:
        """Whether it looks for three seconds if an address is in use before it offers it."""
        leases = not any(line.endswith(",proxy") for line in self.lines)
        return leases and "no-ping" not in self.lines


@dataclass(frozen=True, slots=True)
class Row:
    """What a machine is offered: the table's row."""

    name: str
    offers: tuple[Offer, ...] = ()
    """In the order in which they are sent."""
    boot_server: Offer | None = None
    """The answer of every boot server that is asked; None: nobody answers."""
    confirmation: MessageType | None = MessageType.DHCPACK
    """What the server that is taken says to the DHCPREQUEST; None: nothing."""
    resolves: bool = False
    """Whether ``SERVER`` answers for names: every name is the boot server's."""
    servers: tuple[Dnsmasq, ...] = ()
    """Real ones, in whose presence the script says nothing."""

    @property
    def is_answered(self) -> bool:
        """Whether a client can have a lease: it is offered one, which is acknowledged."""
        return bool(self.offers or self.servers) and self.confirmation is MessageType.DHCPACK

    @property
    def replies(self) -> int:
        """How many offers a client has to one DHCPDISCOVER; of real servers one at least."""
        return len(self.offers) + bool(self.servers)

    @property
    def is_late(self) -> bool:
        """Whether a client may have asked again before it has all offers."""
        scripted = any(each.after or each.unanswered for each in self.offers)
        return scripted or any(each.pings for each in self.servers)


def offer(
    *options: DhcpOption,
    server: IPv4Address = SERVER,
    siaddr: IPv4Address = BOOT_SERVER,
    file: bytes = b"",
    sname: bytes = b"",
    after: float = 0.0,
    unanswered: int = 0,
) -> Offer:
    """An offer of an address with server identifier, lease time, mask and router, then these options."""
    all_options = (option(Code.SERVER_IDENTIFIER, server), *LEASE, *options)
    late = timedelta(seconds=after)
    return Offer(
        server, all_options, siaddr=siaddr, file=file, sname=sname, after=late, unanswered=unanswered
    )


def proxy(*options: DhcpOption, siaddr: IPv4Address = SERVER, file: bytes = b"", after: float = 0.0) -> Offer:
    """A ProxyDHCP's offer, without an address; its server identifier first."""
    own = option(Code.SERVER_IDENTIFIER, SERVER)
    return Offer(SERVER, (own, *options), UNSPECIFIED, siaddr, file=file, after=timedelta(seconds=after))


def named(name: bytes) -> DhcpOption:
    """Option 67 with these octets."""
    return option(Code.BOOTFILE_NAME, name)


def vendor_class(text: bytes = b"PXEClient") -> DhcpOption:
    """Option 60."""
    return option(Code.VENDOR_CLASS_IDENTIFIER, text)


def vendor(*tags: tuple[int, bytes], end: bytes = b"\xff") -> DhcpOption:
    """Option 43 with these sub-options, and what ends it."""
    return option(Code.VENDOR_SPECIFIC, b"".join(DhcpOption(*tag).encode() for tag in tags) + end)
