"""Frame rules with state, timing or chance: duplicates, delay, loss, translated addresses."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from ipaddress import IPv4Address

from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether

from tests.faults.frame_rules import (
    CLIENT_PORT,
    REPLY,
    SERVER_PORT,
    UNSPECIFIED,
    FrameRule,
    Outgoing,
    Packet,
    message_type,
    option_value,
    rebuilt,
    rewritten,
    with_option,
)
from tests.faults.reply_changes import grants_lease, spurious_reply


class DuplicatedReplies(FrameRule):
    """Sends every DHCP reply twice."""

    def from_server(self, frame: bytes) -> Iterator[Outgoing]:
        """The frame, twice if it is a DHCP message."""
        yield Outgoing(frame)
        if BOOTP in Ether(frame):
            yield Outgoing(frame)


class DelayedReplies(FrameRule):
    """Delays DHCP replies."""

    def __init__(self, delay: timedelta) -> None:
        self._delay = delay

    def from_server(self, frame: bytes) -> Iterator[Outgoing]:
        """Replies after the delay, everything else at once."""
        yield Outgoing(frame, self._delay if BOOTP in Ether(frame) else timedelta(0))


class PacketLoss(FrameRule):
    """Drops a share of the DHCP messages at random, after the first ``after`` of them have passed."""

    def __init__(self, share: float, *, after: int) -> None:
        self._share, self._after, self._passed = share, after, 0
        self._random = random.Random(7)  # noqa: S311 - no secret

    def from_server(self, frame: bytes) -> Iterator[Outgoing]:
        """The frame, unless it is dropped."""
        self._passed += BOOTP in Ether(frame)
        if self._passed <= self._after or self._random.random() >= self._share:
            yield Outgoing(frame)

    def from_segment(self, frame: bytes) -> Iterator[Outgoing]:
        """The same in the other direction."""
        return self.from_server(frame)


class DroppedRequests(FrameRule):
    """Drops the frames to the server that fulfil a condition."""

    def __init__(self, condition: Callable[[Packet], bool]) -> None:
        self._condition = condition

    def from_segment(self, frame: bytes) -> Iterator[Outgoing]:
        """The frame, unless the condition holds."""
        if not self._condition(Ether(frame)):
            yield Outgoing(frame)


class SpuriousReplies(FrameRule):
    """Answers messages that a server must not answer; the server receives them, too."""

    def __init__(self, condition: Callable[[Packet], bool], answer: str) -> None:
        self._condition, self._answer = condition, answer

    def from_segment(self, frame: bytes) -> Iterator[Outgoing]:
        """The message to the server, and a reply back to the client."""
        yield Outgoing(frame)
        packet = Ether(frame)
        if BOOTP in packet and self._condition(packet):
            yield Outgoing(bytes(spurious_reply(packet, self._answer)), back=True)


class ForgottenLeases(FrameRule):
    """Makes the server forget each lease: it receives a DHCPRELEASE that no node sent."""

    def from_server(self, frame: bytes) -> Iterator[Outgoing]:
        """The reply to the client, and after a DHCPACK a DHCPRELEASE back to the server."""
        yield Outgoing(frame)
        packet = Ether(frame)
        if grants_lease(packet):
            yield Outgoing(release_of(packet), back=True)


class TranslatedAddresses(FrameRule):
    """Translates yiaddr and option 50: clients see other addresses than the server leases."""

    def __init__(self, translate: Callable[[IPv4Address, bytes], IPv4Address]) -> None:
        self._translate = translate
        self._real: dict[tuple[bytes, str], str] = {}

    def from_server(self, frame: bytes) -> Iterator[Outgoing]:
        """The reply with the translated address."""
        yield from rewritten(frame, REPLY, self._show)

    def from_segment(self, frame: bytes) -> Iterator[Outgoing]:
        """The client's message with the address that the server leased."""
        packet = Ether(frame)
        if BOOTP in packet:
            requested = option_value(packet, "requested_addr")
            real = self._real.get((packet[BOOTP].chaddr, requested))
            if real is not None:
                frame = rebuilt(with_option(packet, "requested_addr", real))
        yield Outgoing(frame)

    def _show(self, packet: Packet) -> Packet:
        if packet[BOOTP].yiaddr != UNSPECIFIED:
            real = packet[BOOTP].yiaddr
            shown = str(self._translate(IPv4Address(real), packet[BOOTP].chaddr))
            self._real[packet[BOOTP].chaddr, shown] = real
            packet[BOOTP].yiaddr = shown
        return packet


class SharedAddress(TranslatedAddresses):
    """Shows every client the first address that the server gave."""

    def __init__(self) -> None:
        super().__init__(lambda real, _: self._first(real))
        self._address: IPv4Address | None = None

    def _first(self, real: IPv4Address) -> IPv4Address:
        self._address = self._address or real
        return self._address


class ChangingClientIdentifier(FrameRule):
    """Gives each transaction a client identifier of its own, so that the server recognises no client."""

    def from_segment(self, frame: bytes) -> Iterator[Outgoing]:
        """The client's message with option 61 made from its xid."""
        packet = Ether(frame)
        if BOOTP in packet and packet[BOOTP].op != REPLY:
            frame = rebuilt(with_option(packet, "client_id", b"\0%08x" % packet[BOOTP].xid))
        yield Outgoing(frame)


def release_of(ack: Packet) -> bytes:
    """A DHCPRELEASE frame for the lease of a DHCPACK (RFC 2131 table 5)."""
    options = [("message-type", "release"), ("server_id", option_value(ack, "server_id"))]
    identifier = option_value(ack, "client_id")
    if identifier is not None:
        options.append(("client_id", identifier))
    message = BOOTP(chaddr=ack[BOOTP].chaddr, ciaddr=ack[BOOTP].yiaddr, xid=1)
    headers = IP(src=ack[BOOTP].yiaddr, dst=ack[IP].src) / UDP(sport=CLIENT_PORT, dport=SERVER_PORT)
    options_end = DHCP(options=[*options, "end"])
    return bytes(Ether(src="02:de:ad:00:00:03", dst=ack[Ether].src) / headers / message / options_end)


def in_another_network(real: IPv4Address, _: bytes) -> IPv4Address:
    """The same host part, one /24 network lower."""
    return real - 256


def selects_another_server(packet: Packet) -> bool:
    """Whether the message is a DHCPREQUEST that selects another server's offer."""
    return message_type(packet) == "request" and option_value(packet, "server_id") not in {
        None,
        "192.168.99.10",
    }
