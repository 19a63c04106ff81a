"""One malformed message: how a well-formed one is mutated, and what a server may do with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Address
from typing import Final, Generic, TypeVar

from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.dhcp.message import HEADER_LENGTH, UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT, MessageType
from edgeboot.host.wire.frame import udp_frame
from edgeboot.spec.contract.segment import Segment

LIMITED_BROADCAST: Final = IPv4Address("255.255.255.255")


class Expectation(Enum):
    """How a server may react to a message."""

    SILENCE = "silence"
    """A reply would violate an RFC or do harm."""
    ANSWER = "an answer"
    """The message is unambiguous, so the node has to be able to boot."""
    EITHER = "survival"
    """The RFCs define nothing: the server only has to keep running."""


@dataclass(frozen=True, slots=True)
class WellFormedMessage:
    """A valid message, the MAC address it is sent from and the segment it is sent on."""

    message: DhcpMessage
    sender: MacAddress
    segment: Segment

    @property
    def payload(self) -> bytes:
        """The message encoded as a UDP payload."""
        return self.message.encode()

    def framed(self, payload: bytes) -> bytes:
        """The frame that would carry the well-formed message, with this payload instead."""
        return udp_frame(
            self.sender, BROADCAST, (UNSPECIFIED, CLIENT_PORT), (LIMITED_BROADCAST, SERVER_PORT), payload
        )


@dataclass(frozen=True, slots=True)
class RawMessages:
    """Frames to send unchanged, and the DHCP message as far as it can be decoded from them."""

    frames: tuple[bytes, ...]
    message: DhcpMessage

    @property
    def hexadecimal(self) -> str:
        """The octets of every frame in hexadecimal, one line each."""
        return "\n".join(frame.hex() for frame in self.frames)


PayloadMutation = Callable[[bytes], bytes]
"""Changes the octets of a well-formed UDP payload."""
Framing = Callable[[WellFormedMessage], tuple[bytes, ...]]
"""Makes the frames, malformed ones, that carry a well-formed message."""
AnyMutation = TypeVar("AnyMutation", PayloadMutation, Framing)


@dataclass(frozen=True, slots=True)
class ForSegment(Generic[AnyMutation]):
    """A mutation that needs an address of the segment on which it is sent."""

    make: Callable[[Segment], AnyMutation]
    foreign: bool = False
    """Whether it is an address foreign to the contract, which there need not be."""


@dataclass(frozen=True, slots=True)
class MalformedCase:
    """One malformed message of a table: its name, how it is built and the expected reaction."""

    name: str
    """Also the id of the test."""
    expected: Expectation
    statement: str
    """Id of the statement in docs/statements that justifies the expectation."""
    build: Callable[[WellFormedMessage], RawMessages]
    message_type: MessageType = MessageType.DHCPDISCOVER
    """Type of the well-formed message it is built from."""
    foreign: bool = False
    """Whether it needs an address that is foreign to the contract."""

    def __str__(self) -> str:
        return self.name


def messages(
    expected: Expectation,
    statement: str,
    table: Mapping[str, PayloadMutation | ForSegment[PayloadMutation]],
    message_type: MessageType = MessageType.DHCPDISCOVER,
) -> tuple[MalformedCase, ...]:
    """Cases that mutate the DHCP message and send it in one valid frame each."""
    return tuple(
        MalformedCase(
            name, expected, statement, _payload_builder(mutation), message_type, _is_foreign(mutation)
        )
        for name, mutation in table.items()
    )


def framings(
    expected: Expectation, statement: str, table: Mapping[str, Framing | ForSegment[Framing]]
) -> tuple[MalformedCase, ...]:
    """Cases that send a well-formed message in malformed frames."""
    return tuple(
        MalformedCase(name, expected, statement, _frame_builder(framing), foreign=_is_foreign(framing))
        for name, framing in table.items()
    )


def readable(payload: bytes) -> DhcpMessage:
    """Decode octets as a message; missing octets of the header are read as zero."""
    return DhcpMessage.decode(payload.ljust(HEADER_LENGTH, b"\0"))


def _payload_builder(
    mutation: PayloadMutation | ForSegment[PayloadMutation],
) -> Callable[[WellFormedMessage], RawMessages]:
    def build(good: WellFormedMessage) -> RawMessages:
        payload = _resolve(mutation, good.segment)(good.payload)
        return RawMessages((good.framed(payload),), readable(payload))

    return build


def _frame_builder(framing: Framing | ForSegment[Framing]) -> Callable[[WellFormedMessage], RawMessages]:
    return lambda good: RawMessages(_resolve(framing, good.segment)(good), good.message)


def _is_foreign(mutation: object) -> bool:
    return isinstance(mutation, ForSegment) and mutation.foreign


def _resolve(mutation: AnyMutation | ForSegment[AnyMutation], segment: Segment) -> AnyMutation:
    return mutation.make(segment) if isinstance(mutation, ForSegment) else mutation
