"""One malformed message: how a good one is bent, and what a server may make of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Address
from typing import Final, Generic, TypeVar

from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.dhcp.message import HEADER_LENGTH, UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT, MessageType
from edgeboot.machine.wire.frame import udp_frame
from edgeboot.spec.contract.segment import Segment

EVERYBODY: Final = IPv4Address("255.255.255.255")


class Expectation(Enum):
    """What a server may do with a message."""

    SILENCE = "silence"
    """An answer would break an RFC, or harm."""
    ANSWER = "an answer"
    """It can be read without doubt, so the node behind it must get its boot."""
    EITHER = "survival"
    """The RFCs say nothing: only the server's life counts."""


@dataclass(frozen=True, slots=True)
class WellFormedMessage:
    """A message no server has a reason to refuse, the Ethernet address it is sent from, and where."""

    message: DhcpMessage
    sender: MacAddress
    segment: Segment

    @property
    def payload(self) -> bytes:
        """The message as a UDP payload."""
        return self.message.encode()

    def framed(self, payload: bytes) -> bytes:
        """The payload in the frame the good message would travel in."""
        return udp_frame(
            self.sender, BROADCAST, (UNSPECIFIED, CLIENT_PORT), (EVERYBODY, SERVER_PORT), payload
        )


@dataclass(frozen=True, slots=True)
class RawMessages:
    """Frames to be sent as they are, and the message as far as it can be read of them."""

    frames: tuple[bytes, ...]
    message: DhcpMessage

    @property
    def hexadecimal(self) -> str:
        """Every frame's octets, a line each."""
        return "\n".join(frame.hex() for frame in self.frames)


Change = Callable[[bytes], bytes]
"""Bends a good message's octets."""
Framing = Callable[[WellFormedMessage], tuple[bytes, ...]]
"""Sends a good message in bent frames."""
Bend = TypeVar("Bend", Change, Framing)


@dataclass(frozen=True, slots=True)
class Situational(Generic[Bend]):
    """A bend that names an address of the segment it is done on."""

    on: Callable[[Segment], Bend]


@dataclass(frozen=True, slots=True)
class MalformedCase:
    """A line of a table.

    ``statement`` is the id in docs/statements of what the expectation rests on, ``bent`` the
    type of the good message.
    """

    name: str
    expected: Expectation
    statement: str
    send_raw: Callable[[WellFormedMessage], RawMessages]
    bent: MessageType = MessageType.DHCPDISCOVER

    def __str__(self) -> str:
        return self.name


def messages(
    expected: Expectation,
    statement: str,
    table: Mapping[str, Change | Situational[Change]],
    bent: MessageType = MessageType.DHCPDISCOVER,
) -> tuple[MalformedCase, ...]:
    """Cases in which the message is bent, in a good frame each."""
    return tuple(
        MalformedCase(name, expected, statement, _provoking(change), bent) for name, change in table.items()
    )


def framings(
    expected: Expectation, statement: str, table: Mapping[str, Framing | Situational[Framing]]
) -> tuple[MalformedCase, ...]:
    """Cases in which the message is good, and its frames are bent."""
    return tuple(
        MalformedCase(name, expected, statement, _sending(framing)) for name, framing in table.items()
    )


def readable(payload: bytes) -> DhcpMessage:
    """The octets as a message, missing ones of the header read as zero."""
    return DhcpMessage.decode(payload.ljust(HEADER_LENGTH, b"\0"))


def _provoking(change: Change | Situational[Change]) -> Callable[[WellFormedMessage], RawMessages]:
    def send_raw(good: WellFormedMessage) -> RawMessages:
        payload = _on(good.segment, change)(good.payload)
        return RawMessages((good.framed(payload),), readable(payload))

    return send_raw


def _sending(framing: Framing | Situational[Framing]) -> Callable[[WellFormedMessage], RawMessages]:
    return lambda good: RawMessages(_on(good.segment, framing)(good), good.message)


def _on(segment: Segment, bend: Bend | Situational[Bend]) -> Bend:
    return bend.on(segment) if isinstance(bend, Situational) else bend
