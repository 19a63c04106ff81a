"""TFTP's packets and options: octets in, values out (RFC 1350, 2347, 2348, 2349, 7440)."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import IntEnum
from typing import Final

SERVER_PORT: Final = 69
"""Where a request goes; the server answers from another port, its transfer identifier."""
DEFAULT_BLKSIZE: Final = 512
"""Octets of a block where nothing else was agreed (RFC 1350 section 2)."""
BLOCK_NUMBERS: Final = 1 << 16
_MODE: Final = "octet"
_RANGES: Final[Mapping[str, range]] = {
    "blksize": range(8, 65464 + 1),
    "timeout": range(1, 255 + 1),
    "tsize": range(2**63),
    "windowsize": range(1, 65535 + 1),
}
"""RFC 2348 section 2, RFC 2349 sections 2 and 3, RFC 7440 section 3."""


class MalformedPacket(ValueError):
    """The octets are no TFTP packet; the text says why."""


class Opcode(IntEnum):
    """RFC 1350 section 5, RFC 2347."""

    RRQ = 1
    WRQ = 2
    DATA = 3
    ACK = 4
    ERROR = 5
    OACK = 6


class ErrorCode(IntEnum):
    """RFC 1350 appendix I, RFC 2347."""

    NOT_DEFINED = 0
    FILE_NOT_FOUND = 1
    ACCESS_VIOLATION = 2
    DISK_FULL = 3
    ILLEGAL_OPERATION = 4
    UNKNOWN_TRANSFER_ID = 5
    FILE_ALREADY_EXISTS = 6
    NO_SUCH_USER = 7
    OPTION_NEGOTIATION_FAILED = 8


@dataclass(frozen=True, slots=True)
class Options:
    """What a request asks for, or an OACK grants; None where it is not mentioned.

    Raises:
        ValueError: a value is outside its RFC's range.
    """

    blksize: int | None = None
    """Octets a block."""
    timeout: int | None = None
    """Seconds before the server sends again."""
    tsize: int | None = None
    """Octets of the file: zero in a request, told in an OACK."""
    windowsize: int | None = None
    """Blocks before an acknowledgement is due."""

    def __post_init__(self) -> None:
        for name, value in self.mentioned.items():
            allowed = _RANGES[name]
            if value not in allowed:
                raise ValueError(f"{name} {value} is not within {allowed.start} to {allowed.stop - 1}")

    @property
    def mentioned(self) -> dict[str, int]:
        """Those with a value, by their names on the wire."""
        named = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """RRQ: send me the file, as octets."""

    filename: str
    options: Options = field(default_factory=Options)

    def encode(self) -> bytes:
        """The packet."""
        return _request(Opcode.RRQ, self.filename, self.options)


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """WRQ: take a file from me. A boot server must refuse it."""

    filename: str
    options: Options = field(default_factory=Options)

    def encode(self) -> bytes:
        """The packet."""
        return _request(Opcode.WRQ, self.filename, self.options)


@dataclass(frozen=True, slots=True)
class Data:
    """One block; the first has number 1, and one shorter than blksize is the last."""

    block: int
    content: bytes = field(repr=False)

    def encode(self) -> bytes:
        """The packet."""
        return struct.pack("!HH", Opcode.DATA, self.block) + self.content


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """ACK: everything up to this block has come; block 0 accepts an OACK."""

    block: int

    def encode(self) -> bytes:
        """The packet."""
        return struct.pack("!HH", Opcode.ACK, self.block)


@dataclass(frozen=True, slots=True)
class Error:
    """ERROR: the transfer has ended; nobody acknowledges it."""

    code: int
    message: str = ""

    def encode(self) -> bytes:
        """The packet."""
        return struct.pack("!HH", Opcode.ERROR, self.code) + self.message.encode() + b"\0"

    def __str__(self) -> str:
        known = {each.value for each in ErrorCode}
        name = f" ({ErrorCode(self.code).name.lower().replace('_', ' ')})" if self.code in known else ""
        return f"error {self.code}{name} {self.message!r}"


@dataclass(frozen=True, slots=True)
class OptionAcknowledgement:
    """OACK: these of the request's options are granted (RFC 2347)."""

    options: Options

    def encode(self) -> bytes:
        """The packet."""
        return struct.pack("!H", Opcode.OACK) + _written(self.options)


Packet = ReadRequest | WriteRequest | Data | Acknowledgement | Error | OptionAcknowledgement


def decode(octets: bytes) -> Packet:
    """The packet in a datagram.

    Raises:
        MalformedPacket: it is none.
    """
    if len(octets) < 4:
        raise MalformedPacket(f"{len(octets)} octets are too few for a TFTP packet")
    opcode, number = struct.unpack_from("!HH", octets)
    match opcode:
        case Opcode.RRQ:
            return ReadRequest(*_read_request(octets))
        case Opcode.WRQ:
            return WriteRequest(*_read_request(octets))
        case Opcode.DATA:
            return Data(number, octets[4:])
        case Opcode.ACK:
            return Acknowledgement(number)
        case Opcode.ERROR:
            # A message without its NUL is a common slip; the code counts.
            return Error(number, _text(octets[4:].split(b"\0", 1)[0]))
        case Opcode.OACK:
            return OptionAcknowledgement(_options(_strings(octets[2:])))
        case _:
            raise MalformedPacket(f"opcode {opcode} is none of TFTP's")


def _request(opcode: Opcode, filename: str, options: Options) -> bytes:
    return struct.pack("!H", opcode) + _joined(filename, _MODE) + _written(options)


def _read_request(octets: bytes) -> tuple[str, Options]:
    strings = _strings(octets[2:])
    if len(strings) < 2:
        raise MalformedPacket("a request without file name and mode")
    filename, mode, *options = strings
    if mode.lower() != _MODE:
        raise MalformedPacket(f"mode {mode!r} instead of {_MODE}")
    return filename, _options(options)


def _options(strings: list[str]) -> Options:
    """Names are compared without case (RFC 2347); those nobody knows are left out."""
    if len(strings) % 2:
        raise MalformedPacket(f"option {strings[-1]!r} has no value")
    named = dict(zip(map(str.lower, strings[::2]), strings[1::2], strict=True))
    try:
        return Options(**{name: int(value) for name, value in named.items() if name in _RANGES})
    except ValueError as error:
        raise MalformedPacket(f"an option's value: {error}") from error


def _strings(octets: bytes) -> list[str]:
    if not octets.endswith(b"\0"):
        raise MalformedPacket("the last string has no NUL")
    return [_text(each) for each in octets[:-1].split(b"\0")]


def _written(options: Options) -> bytes:
    return _joined(*(text for name, value in options.mentioned.items() for text in (name, str(value))))


def _joined(*strings: str) -> bytes:
    return b"".join(each.encode() + b"\0" for each in strings)


def _text(octets: bytes) -> str:
    """UTF-8 as it is, any other octet as its hexadecimal escape."""
    return octets.decode("utf-8", "backslashreplace")
