"""Rules that change, drop or add frames between a server and the segment, and the scapy they are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether
from scapy.packet import bind_layers

# scapy decodes DHCP on ports 67 and 68; a PXE boot server (PXE 2.1) uses port 4011.
BOOT_SERVER_PORT: Final = 4011
bind_layers(UDP, BOOTP, sport=BOOT_SERVER_PORT)
bind_layers(UDP, BOOTP, dport=BOOT_SERVER_PORT)

Packet = Any
Rewrite = Callable[[Packet], Packet | None]

REQUEST: Final = 1
REPLY: Final = 2
SERVER_PORT: Final = 67
CLIENT_PORT: Final = 68
ABSENT_MAC: Final = "02:de:ad:00:00:01"
BROADCAST: Final = ("255.255.255.255", "ff:ff:ff:ff:ff:ff")
UNSPECIFIED: Final = "0.0.0.0"  # noqa: S104 - no socket is bound to it
MESSAGE_TYPES: Final = ("", "discover", "offer", "request", "decline", "ack", "nak", "release", "inform")
"""DHCP message types by their numbers (RFC 2132 section 9.6)."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A frame to send, after ``delay``; ``back`` sends it to the side that the received frame came from."""

    frame: bytes
    delay: timedelta = timedelta(0)
    back: bool = False


class FrameRule:
    """Forwards every frame unchanged; a subclass changes one direction or both."""

    def from_server(self, frame: bytes) -> Iterator[Outgoing]:
        """The frames to send for one that the server sent."""
        yield Outgoing(frame)

    def from_segment(self, frame: bytes) -> Iterator[Outgoing]:
        """The frames to send for one that is addressed to the server's side."""
        yield Outgoing(frame)


class ReplyRewrite(FrameRule):
    """Rewrites the server's DHCP replies only; None drops the frame."""

    def __init__(self, rewrite: Rewrite) -> None:
        self._rewrite = rewrite

    def from_server(self, frame: bytes) -> Iterator[Outgoing]:
        """The rewritten reply, or any other frame unchanged."""
        yield from rewritten(frame, REPLY, self._rewrite)


class RequestRewrite(FrameRule):
    """Rewrites clients' DHCP messages before the server receives them; None drops the frame."""

    def __init__(self, rewrite: Rewrite) -> None:
        self._rewrite = rewrite

    def from_segment(self, frame: bytes) -> Iterator[Outgoing]:
        """The rewritten request, or any other frame unchanged."""
        yield from rewritten(frame, REQUEST, self._rewrite)


def rewritten(frame: bytes, op: int, rewrite: Rewrite) -> Iterator[Outgoing]:
    """The frame, rewritten if it is a DHCP message with this ``op``."""
    packet = Ether(frame)
    if BOOTP not in packet or packet[BOOTP].op != op:
        yield Outgoing(frame)
        return
    rewritten_packet = rewrite(packet)
    if rewritten_packet is not None:
        yield Outgoing(rebuilt(rewritten_packet))


def rebuilt(packet: Packet) -> bytes:
    """The packet's octets, with the lengths and checksums computed anew unless it has ``keeps_checksum``."""
    for layer, fields in ((IP, ("len", "chksum")), (UDP, ("len", "chksum"))):
        for name in fields:
            if layer in packet and not getattr(packet, "keeps_checksum", False):
                packet[layer].delfieldval(name)
    return bytes(packet)


def message_type(packet: Packet) -> str:
    """The name of its DHCP message type; empty if it has none."""
    number = option_value(packet, "message-type") or 0
    return MESSAGE_TYPES[number] if number < len(MESSAGE_TYPES) else ""


def option_value(packet: Packet, name: str) -> Any:
    """The first value of the option with scapy's ``name``; None if it is absent."""
    return next((each[1] for each in option_pairs(packet) if each[0] == name), None)


def option_pairs(packet: Packet) -> list[tuple[Any, ...]]:
    """The options that have a value, without END and PAD."""
    return [each for each in packet[DHCP].options if isinstance(each, tuple)]


def with_option(packet: Packet, name: str, *values: Any) -> Packet:
    """The packet with the option's value replaced in place, or with the option appended."""
    options = option_pairs(packet)
    if name in {each[0] for each in options}:
        options = [(name, *values) if each[0] == name else each for each in options]
    else:
        options.append((name, *values))
    return with_options(packet, options)


def without_option(packet: Packet, *names: str) -> Packet:
    """The packet without these options."""
    return with_options(packet, [each for each in option_pairs(packet) if each[0] not in names])


def with_options(packet: Packet, options: Iterable[tuple[Any, ...]]) -> Packet:
    """The packet with exactly these options, and END."""
    packet[DHCP].options = [*options, "end"]
    return packet


def padded(packet: Packet) -> Packet:
    """The packet with PAD options up to the 300 octets of a BOOTP message (RFC 1542 section 2.1)."""
    short = 300 - len(bytes(packet[BOOTP]))
    if short > 0:
        packet[DHCP].options += ["pad"] * short
    return packet


def set_header(layer: Any, name: str, value: Any, *types: str) -> Callable[[], FrameRule]:
    """Sets a header field of all replies, or of the replies of these message types."""

    def rewrite(packet: Packet) -> Packet:
        if not types or message_type(packet) in types:
            packet[layer].setfieldval(name, value)
        return packet

    return lambda: ReplyRewrite(rewrite)


def set_option(name: str, *values: Any, types: tuple[str, ...] = ()) -> Callable[[], FrameRule]:
    """Sets an option of all replies, or of the replies of these message types."""

    def rewrite(packet: Packet) -> Packet:
        return with_option(packet, name, *values) if not types or message_type(packet) in types else packet

    return lambda: ReplyRewrite(rewrite)


def rewrite_replies(rewrite: Rewrite, *types: str) -> Callable[[], FrameRule]:
    """Rewrites all replies, or those of these message types."""
    return lambda: ReplyRewrite(
        lambda packet: rewrite(packet) if not types or message_type(packet) in types else packet
    )


def rewrite_requests(rewrite: Rewrite, *types: str) -> Callable[[], FrameRule]:
    """Rewrites all client messages, or those of these message types."""
    return lambda: RequestRewrite(
        lambda packet: rewrite(packet) if not types or message_type(packet) in types else packet
    )


def drop(packet: Packet) -> None:
    """Drops the message."""


def with_destination(packet: Packet, address: str, mac: str) -> Packet:
    """The packet with another destination address and Ethernet address."""
    packet[IP].dst, packet[Ether].dst = address, mac
    return packet
