"""What one machine has sent and been sent, by the capture at its port of the bridge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.firmware.vendor import PxeOptions
from edgeboot.dhcp.message import BOOTREPLY, BOOTREQUEST, UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, SERVER_PORT, MessageType, OptionCode
from edgeboot.host.wire import arp
from edgeboot.host.wire.fragments import reassembled
from edgeboot.host.wire.frame import Datagram, Frame, dissect, has_port
from edgeboot.node.matching import message_in
from edgeboot.report.machine_boot.dialled import Dialled, dialled
from edgeboot.report.machine_boot.download import Download
from edgeboot.report.machine_boot.fetching import fetched_in
from edgeboot.report.machine_boot.name_lookups import NameLookup, name_lookups

_DHCP_PORTS: Final = frozenset(port.to_bytes(2) for port in (67, 68, BOOT_SERVER_PORT))
_IPV4: Final = b"\x08\x00"
_GROUP: Final = 1
"""Bit of the first octet of Ethernet addresses that several machines hear."""
_ICMP: Final = 1
_UNREACHABLE: Final = 3
_PORT_UNREACHABLE: Final = 3
OWN_PORT: Final = "its port"
"""Where nothing of a machine is missed."""


@dataclass(frozen=True, slots=True)
class PassedMessage:
    """A DHCP message, and when it passed, in seconds since the epoch."""

    at: float
    message: DhcpMessage
    datagram: Datagram
    frame: Frame

    @property
    def is_relayed(self) -> bool:
        """Whether it passed between a relay agent and the server (RFC 1542 section 4.1)."""
        if self.message.op == BOOTREQUEST:
            return self.message.giaddr != UNSPECIFIED
        # One from a client's port is no server's reply to its agent, which goes from port 67 to port 67.
        return self.datagram.source_port == self.datagram.destination_port == SERVER_PORT

    @property
    def asks_boot_servers(self) -> bool:
        """Whether it is a boot request: to port 4011, or by broadcast for an item of a menu (PXE 2.1)."""
        if self.message.op != BOOTREQUEST or self.datagram.destination_port == BOOT_SERVER_PORT:
            return self.message.op == BOOTREQUEST
        # A client that has its lease asks so for its renewal, too.
        holds = self.message.message_type is MessageType.DHCPREQUEST and self.message.ciaddr != UNSPECIFIED
        return holds and PxeOptions.of(self.message).item is not None

    def is_of(self, server: IPv4Address) -> bool:
        """Whether it is of the server with this address; one may send from another of its addresses."""
        return server in {self.datagram.source, self.server_identifier}

    @property
    def server_identifier(self) -> IPv4Address | None:
        """Option 54; None where it is missing or has another length."""
        data = self.message.options.get(OptionCode.SERVER_IDENTIFIER)
        return IPv4Address(data) if data is not None and len(data) == 4 else None


@dataclass(frozen=True)
class MachineTraffic:
    """The frames of a capture, read as what one machine does to boot.

    Args:
        mac: of the machine.
        frames: everything that passed there; those of other machines are left aside.
        place: where that is, as a sentence says it.
        fetched: what it has asked for, where the frames of that were read as they passed, and not kept.
        read: the DHCP messages among the frames, where they were read before.
    """

    mac: MacAddress
    frames: Sequence[Frame]
    place: str = OWN_PORT
    fetched: tuple[Download, ...] | None = None
    read: tuple[PassedMessage, ...] | None = None

    @cached_property
    def own(self) -> tuple[Frame, ...]:
        """The frames that it has sent."""
        return tuple(each for each in self.frames if each.octets[6:12] == self.mac.packed)

    @property
    def is_heard_in_full(self) -> bool:
        """Whether a frame that it sent to one machine alone is here, as its DHCPRELEASE would be, too."""
        return any(not each.octets[0] & _GROUP for each in self.own)

    @cached_property
    def messages(self) -> tuple[PassedMessage, ...]:
        """The DHCP messages from it and to it."""
        return tuple(self._messages()) if self.read is None else self.read

    @cached_property
    def is_beyond_an_agent(self) -> bool:
        """Whether its messages passed between a relay agent and the server, where its ARP does not."""
        return bool(self.messages) and all(each.is_relayed for each in self.messages)

    @property
    def goes_on_unseen(self) -> bool:
        """Whether its files pass elsewhere, too; a router may bring them to the server's side."""
        return self.is_beyond_an_agent and not (self.downloads or self.boot_requests)

    def sent(self, kind: MessageType) -> tuple[PassedMessage, ...]:
        """Its own messages of a type, but those to boot servers."""
        return self._by_kind.get((BOOTREQUEST, kind), ())

    def received(self, kind: MessageType) -> tuple[PassedMessage, ...]:
        """Messages of a type to it, but those of boot servers."""
        return self._by_kind.get((BOOTREPLY, kind), ())

    @cached_property
    def _by_kind(self) -> dict[tuple[int, MessageType | None], tuple[PassedMessage, ...]]:
        found: dict[tuple[int, MessageType | None], list[PassedMessage]] = {}
        of_boot_servers = {id(each) for each in (*self.boot_requests, *self.boot_replies)}
        for each in self.messages:
            if id(each) not in of_boot_servers:
                found.setdefault((each.message.op, each.message.message_type), []).append(each)
        return {kind: tuple(each) for kind, each in found.items()}

    @cached_property
    def boot_requests(self) -> tuple[PassedMessage, ...]:
        """What it has asked boot servers, on port 4011 or by broadcast."""
        return tuple(each for each in self.messages if each.asks_boot_servers)

    @cached_property
    def boot_replies(self) -> tuple[PassedMessage, ...]:
        """What anybody has answered to these, and whatever came from port 4011."""
        asked = {each.message.xid for each in self.boot_requests}
        return tuple(
            each
            for each in self.messages
            if each.message.op == BOOTREPLY
            and (each.datagram.source_port == BOOT_SERVER_PORT or each.message.xid in asked)
        )

    @property
    def boot_answers(self) -> tuple[PassedMessage, ...]:
        """Those from port 4011."""
        return tuple(each for each in self.boot_replies if each.datagram.source_port == BOOT_SERVER_PORT)

    @cached_property
    def downloads(self) -> tuple[Download, ...]:
        """What it has asked for by TFTP and HTTP, in the order of its requests."""
        return fetched_in(self.mac, self.frames) if self.fetched is None else self.fetched

    @cached_property
    def arp_requests(self) -> dict[IPv4Address, tuple[Frame, ...]]:
        """Those of the machine, by the address that it wanted to reach: no probe of its own (RFC 5227)."""
        found: dict[IPv4Address, list[Frame]] = {}
        for frame in self.own:
            asked = arp.message(frame)
            if asked is not None and asked.op == arp.WHO_HAS and asked.psrc not in {asked.pdst, UNSPECIFIED}:
                found.setdefault(asked.pdst, []).append(frame)
        return {address: tuple(frames) for address, frames in found.items()}

    @cached_property
    def arp_probes(self) -> tuple[tuple[IPv4Address, Frame], ...]:
        """Its questions whether somebody has an address that it may use (RFC 5227 section 2.1)."""
        asked = ((arp.message(each), each) for each in self.own)
        return tuple(
            (probe.pdst, frame)
            for probe, frame in asked
            if probe is not None and probe.op == arp.WHO_HAS and probe.psrc == UNSPECIFIED
        )

    @cached_property
    def dialled(self) -> tuple[Dialled, ...]:
        """The TCP connections that it has begun, in the order of their beginning."""
        return dialled(self.mac, self.frames)

    @cached_property
    def name_lookups(self) -> tuple[NameLookup, ...]:
        """What it has asked name servers, in the order in which it asked first."""
        return name_lookups(self.mac, self.frames)

    @property
    def asked_by_arp(self) -> frozenset[IPv4Address]:
        """The addresses that it wanted to reach, by its ARP requests."""
        return frozenset(self.arp_requests)

    @cached_property
    def answered_by_arp(self) -> dict[IPv4Address, MacAddress]:
        """Who has told it that an address is theirs."""
        others = (each for each in self.frames if each.octets[6:12] != self.mac.packed)
        return dict(each for each in map(arp.claim, others) if each is not None)

    @cached_property
    def announced_by_arp(self) -> dict[IPv4Address, MacAddress]:
        """Who has announced by ARP that it uses an address (RFC 5227 section 2.3), but the machine itself."""
        others = (each for each in self.frames if each.octets[6:12] != self.mac.packed)
        return dict(each for each in map(arp.announced, others) if each is not None)

    def refused_port(self, server: IPv4Address, port: int) -> bool:
        """Whether the host has answered that nobody listens on that UDP port (ICMP type 3, code 3)."""
        return (server, port) in self._unreachable

    @cached_property
    def _unreachable(self) -> frozenset[tuple[IPv4Address, int]]:
        return frozenset(each for frame in self.frames if (each := _unreachable(frame)) is not None)

    @property
    def chosen_server(self) -> IPv4Address | None:
        """Whose offer it has taken last, by option 54 of its DHCPREQUEST; None where it took none."""
        chosen = (each.server_identifier for each in self.sent(MessageType.DHCPREQUEST))
        return next((each for each in reversed(tuple(chosen)) if each is not None), None)

    def _messages(self) -> Iterator[PassedMessage]:
        for frame in reassembled(self.frames):
            # Looked for in the octets: most frames are others, and to dissect one takes a while.
            if (
                not has_port(frame.untagged.octets, _DHCP_PORTS)
                or (datagram := dissect(frame.untagged)) is None
            ):
                continue
            message = message_in(datagram)
            if message is not None and message.chaddr == self.mac:
                yield PassedMessage(frame.at, message, datagram, frame)

    @cached_property
    def address(self) -> IPv4Address | None:
        """The address that it was given last."""
        given = (each.message.yiaddr for each in self.received(MessageType.DHCPACK))
        return next((each for each in reversed(tuple(given)) if each != UNSPECIFIED), None)


def offers_in(messages: Iterable[PassedMessage]) -> tuple[PassedMessage, ...]:
    """Offers among messages: DHCPOFFERs, and the replies of a BOOTP server, which have no type."""
    return tuple(
        each
        for each in messages
        if each.message.op == BOOTREPLY
        and each.message.message_type in {MessageType.DHCPOFFER, None}
        and each.datagram.source_port != BOOT_SERVER_PORT
    )


def _unreachable(frame: Frame) -> tuple[IPv4Address, int] | None:
    """The host and port of an ICMP message that says that the port is closed."""
    packet = frame.packet
    if frame.untagged.octets[12:14] != _IPV4 or len(packet) < 20 or packet[9] != _ICMP:
        return None
    icmp = packet[4 * (packet[0] & 0xF) :]
    if icmp[:2] != bytes((_UNREACHABLE, _PORT_UNREACHABLE)) or len(icmp) < 8 + 20 + 4:
        return None
    inner = icmp[8:]
    udp = inner[4 * (inner[0] & 0xF) :]
    return IPv4Address(inner[16:20]), int.from_bytes(udp[2:4])
