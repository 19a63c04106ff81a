"""Wires that remember, delay or lose: what one reply alone does not show."""

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
    NONE,
    REPLY,
    SERVER_PORT,
    Packet,
    Sent,
    Wire,
    built,
    changed,
    kind,
    value_of,
    with_option,
)
from tests.faults.reply_changes import answered, is_ack


class Twice(Wire):
    """Every DHCP reply comes twice."""

    def from_server(self, frame: bytes) -> Iterator[Sent]:
        """The reply, and the reply."""
        yield Sent(frame)
        if BOOTP in Ether(frame):
            yield Sent(frame)


class Late(Wire):
    """DHCP replies take their time."""

    def __init__(self, delay: timedelta) -> None:
        self._delay = delay

    def from_server(self, frame: bytes) -> Iterator[Sent]:
        """Replies late, everything else at once."""
        yield Sent(frame, self._delay if BOOTP in Ether(frame) else timedelta(0))


class Lossy(Wire):
    """Loses DHCP messages at random, once the first nodes have booted."""

    def __init__(self, share: float, *, after: int) -> None:
        self._share, self._after, self._passed = share, after, 0
        self._random = random.Random(7)  # noqa: S311 - no secret

    def from_server(self, frame: bytes) -> Iterator[Sent]:
        """Most of them."""
        self._passed += BOOTP in Ether(frame)
        if self._passed <= self._after or self._random.random() >= self._share:
            yield Sent(frame)

    def from_segment(self, frame: bytes) -> Iterator[Sent]:
        """Most of them, this way too."""
        return self.from_server(frame)


class Unheard(Wire):
    """What fulfils a condition never comes to the server."""

    def __init__(self, condition: Callable[[Packet], bool]) -> None:
        self._condition = condition

    def from_segment(self, frame: bytes) -> Iterator[Sent]:
        """Unless the condition holds."""
        if not self._condition(Ether(frame)):
            yield Sent(frame)


class Answering(Wire):
    """What should stay unanswered is answered, beside what the server does with it."""

    def __init__(self, condition: Callable[[Packet], bool], answer: str) -> None:
        self._condition, self._answer = condition, answer

    def from_segment(self, frame: bytes) -> Iterator[Sent]:
        """The message, and back an answer to it."""
        yield Sent(frame)
        packet = Ether(frame)
        if BOOTP in packet and self._condition(packet):
            yield Sent(bytes(answered(packet, self._answer)), back=True)


class Forgetting(Wire):
    """After each acknowledgement the server hears a DHCPRELEASE that no node has sent."""

    def from_server(self, frame: bytes) -> Iterator[Sent]:
        """The reply, and back to the server the release of what it gives."""
        yield Sent(frame)
        packet = Ether(frame)
        if is_ack(packet):
            yield Sent(released(packet), back=True)


class Translated(Wire):
    """Clients are shown other addresses than the server has in its book."""

    def __init__(self, shown: Callable[[IPv4Address, bytes], IPv4Address]) -> None:
        self._shown = shown
        self._real: dict[tuple[bytes, str], str] = {}

    def from_server(self, frame: bytes) -> Iterator[Sent]:
        """With the address that is shown."""
        yield from changed(frame, REPLY, self._show)

    def from_segment(self, frame: bytes) -> Iterator[Sent]:
        """With the address that the server knows."""
        packet = Ether(frame)
        if BOOTP in packet:
            asked = value_of(packet, "requested_addr")
            real = self._real.get((packet[BOOTP].chaddr, asked))
            if real is not None:
                frame = built(with_option(packet, "requested_addr", real))
        yield Sent(frame)

    def _show(self, packet: Packet) -> Packet:
        if packet[BOOTP].yiaddr != NONE:
            real = packet[BOOTP].yiaddr
            shown = str(self._shown(IPv4Address(real), packet[BOOTP].chaddr))
            self._real[packet[BOOTP].chaddr, shown] = real
            packet[BOOTP].yiaddr = shown
        return packet


class Shared(Translated):
    """The first address that is given is shown to everybody."""

    def __init__(self) -> None:
        super().__init__(lambda real, _: self._first(real))
        self._given: IPv4Address | None = None

    def _first(self, real: IPv4Address) -> IPv4Address:
        self._given = self._given or real
        return self._given


class Nameless(Wire):
    """The server knows no client again: each transaction comes under another client identifier."""

    def from_segment(self, frame: bytes) -> Iterator[Sent]:
        """With a client identifier made of the transaction's."""
        packet = Ether(frame)
        if BOOTP in packet and packet[BOOTP].op != REPLY:
            frame = built(with_option(packet, "client_id", b"\0%08x" % packet[BOOTP].xid))
        yield Sent(frame)


def released(ack: Packet) -> bytes:
    """The DHCPRELEASE of the lease that an acknowledgement gives."""
    options = [("message-type", "release"), ("server_id", value_of(ack, "server_id"))]
    identifier = value_of(ack, "client_id")
    if identifier is not None:
        options.append(("client_id", identifier))
    message = BOOTP(chaddr=ack[BOOTP].chaddr, ciaddr=ack[BOOTP].yiaddr, xid=1)
    ends = IP(src=ack[BOOTP].yiaddr, dst=ack[IP].src) / UDP(sport=CLIENT_PORT, dport=SERVER_PORT)
    options_end = DHCP(options=[*options, "end"])
    return bytes(Ether(src="02:de:ad:00:00:03", dst=ack[Ether].src) / ends / message / options_end)


def elsewhere(real: IPv4Address, _: bytes) -> IPv4Address:
    """The same host of the network below."""
    return real - 256


def asks_another_server(packet: Packet) -> bool:
    """Whether it selects an offer of somebody else's."""
    return kind(packet) == "request" and value_of(packet, "server_id") not in {None, "192.168.99.10"}
