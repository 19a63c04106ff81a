"""How a frame between server and segment is changed: what the faults of the wire are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether
from scapy.packet import bind_layers

# scapy knows DHCP by ports 67 and 68; a boot server (PXE 2.1) speaks from and at 4011.
bind_layers(UDP, BOOTP, sport=4011)
bind_layers(UDP, BOOTP, dport=4011)

Packet = Any
Rewrite = Callable[[Packet], Packet | None]

REQUEST: Final = 1
REPLY: Final = 2
SERVER_PORT: Final = 67
CLIENT_PORT: Final = 68
SERVER: Final = ("192.168.99.10", "52:54:00:12:34:56")
NOBODY: Final = "02:de:ad:00:00:01"
EVERYBODY: Final = ("255.255.255.255", "ff:ff:ff:ff:ff:ff")
NONE: Final = "0.0.0.0"  # noqa: S104 - no socket is bound to it
KINDS: Final = ("", "discover", "offer", "request", "decline", "ack", "nak", "release", "inform")
"""DHCP message types by their numbers (RFC 2132 section 9.6)."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A frame to send, when, and whether back to where the last one came from."""

    frame: bytes
    delay: timedelta = timedelta(0)
    back: bool = False


class Wire:
    """Passes everything on as it came."""

    def from_server(self, frame: bytes) -> Iterator[Sent]:
        """What becomes of a frame of the server's."""
        yield Sent(frame)

    def from_segment(self, frame: bytes) -> Iterator[Sent]:
        """What becomes of a frame for the server."""
        yield Sent(frame)


class Replies(Wire):
    """Changes the server's DHCP replies, and nothing else; what becomes None is lost."""

    def __init__(self, rewrite: Rewrite) -> None:
        self._rewrite = rewrite

    def from_server(self, frame: bytes) -> Iterator[Sent]:
        """A reply as the fault leaves it."""
        yield from changed(frame, REPLY, self._rewrite)


class Requests(Wire):
    """Changes what clients ask, before the server hears it; what becomes None is lost."""

    def __init__(self, rewrite: Rewrite) -> None:
        self._rewrite = rewrite

    def from_segment(self, frame: bytes) -> Iterator[Sent]:
        """A request as the fault leaves it."""
        yield from changed(frame, REQUEST, self._rewrite)


def changed(frame: bytes, op: int, rewrite: Rewrite) -> Iterator[Sent]:
    """The frame, rewritten where it is a DHCP message of this direction."""
    packet = Ether(frame)
    if BOOTP not in packet or packet[BOOTP].op != op:
        yield Sent(frame)
        return
    rewritten = rewrite(packet)
    if rewritten is not None:
        yield Sent(built(rewritten))


def built(packet: Packet) -> bytes:
    """Its octets, lengths and checksums as they should be now."""
    for layer, fields in ((IP, ("len", "chksum")), (UDP, ("len", "chksum"))):
        for name in fields:
            if layer in packet and not getattr(packet, "keeps_checksum", False):
                packet[layer].delfieldval(name)
    return bytes(packet)


def kind(packet: Packet) -> str:
    """Its message type, by its name."""
    number = value_of(packet, "message-type") or 0
    return KINDS[number] if number < len(KINDS) else ""


def value_of(packet: Packet, name: str) -> Any:
    """The first value of an option, else None."""
    return next((each[1] for each in pairs(packet) if each[0] == name), None)


def pairs(packet: Packet) -> list[tuple[Any, ...]]:
    """The options that have a value."""
    return [each for each in packet[DHCP].options if isinstance(each, tuple)]


def with_option(packet: Packet, name: str, *values: Any) -> Packet:
    """With the option's value replaced where it is, or else the option at the end."""
    options = pairs(packet)
    if name in {each[0] for each in options}:
        options = [(name, *values) if each[0] == name else each for each in options]
    else:
        options.append((name, *values))
    return with_options(packet, options)


def without_option(packet: Packet, *names: str) -> Packet:
    """Without these options."""
    return with_options(packet, [each for each in pairs(packet) if each[0] not in names])


def with_options(packet: Packet, options: Iterable[tuple[Any, ...]]) -> Packet:
    """With these options, and END."""
    packet[DHCP].options = [*options, "end"]
    return packet


def padded(packet: Packet) -> Packet:
    """Up to BOOTP's 300 octets again."""
    short = 300 - len(bytes(packet[BOOTP]))
    if short > 0:
        packet[DHCP].options += ["pad"] * short
    return packet


def field(layer: Any, name: str, value: Any, *kinds: str) -> Callable[[], Wire]:
    """A header field of the replies, or of these kinds of them, has another value."""

    def rewrite(packet: Packet) -> Packet:
        if not kinds or kind(packet) in kinds:
            packet[layer].setfieldval(name, value)
        return packet

    return lambda: Replies(rewrite)


def option(name: str, *values: Any, kinds: tuple[str, ...] = ()) -> Callable[[], Wire]:
    """An option of the replies, or of these kinds of them, has another value."""

    def rewrite(packet: Packet) -> Packet:
        return with_option(packet, name, *values) if not kinds or kind(packet) in kinds else packet

    return lambda: Replies(rewrite)


def replies(rewrite: Rewrite, *kinds: str) -> Callable[[], Wire]:
    """The replies, or these kinds of them, become what the function makes of them."""
    return lambda: Replies(lambda packet: rewrite(packet) if not kinds or kind(packet) in kinds else packet)


def requests(rewrite: Rewrite, *kinds: str) -> Callable[[], Wire]:
    """What clients send, or these kinds of it, becomes what the function makes of it."""
    return lambda: Requests(lambda packet: rewrite(packet) if not kinds or kind(packet) in kinds else packet)


def lost(packet: Packet) -> None:
    """Nothing is left of it."""


def sent_to(packet: Packet, address: str, mac: str) -> Packet:
    """To another destination."""
    packet[IP].dst, packet[Ether].dst = address, mac
    return packet
