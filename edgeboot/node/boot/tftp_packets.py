"""Encodes and decodes TFTP packets and options (RFC 1350, 2347, 2348, 2349, 7440)."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import IntEnum
from typing import Final

SERVER_PORT: Final = 69
"""UDP port of requests; the server answers from another port, its transfer identifier."""
DEFAULT_BLKSIZE: Final = 512
"""Octets in a block if no ``blksize`` was negotiated (RFC 1350 section 2)."""
BLOCK_NUMBERS: Final = 1 << 16
"""Number of block numbers; they wrap after 65535."""
_MODE: Final = "octet"
_RANGES: Final[Mapping[str, range]] = {
    "blksize": range(8, 65464 + 1),
    "timeout": range(1, 255 + 1),
    "tsize": range(2**63),
    "windowsize": range(1, 65535 + 1),
}
"""Valid values by option (RFC 2348 section 2, RFC 2349 sections 2 and 3, RFC 7440 section 3)."""


class MalformedPacket(ValueError):
    """The octets are no TFTP packet; the text gives the reason."""


class Opcode(IntEnum):
    """Packet types (RFC 1350 section 5, RFC 2347)."""

    RRQ = 1
    WRQ = 2
    DATA = 3
    ACK = 4
    ERROR = 5
    OACK = 6


class ErrorCode(IntEnum):
    """Error codes (RFC 1350 appendix I, RFC 2347)."""

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
class TftpOptions:
    """The options of a request or of an OACK; None for an option that is absent.

    Raises:
        ValueError: a value is outside the range of its RFC.
    """

    blksize: int | None = None
    """Octets per block."""
    timeout: int | None = None
    """Seconds before the server retransmits."""
    tsize: int | None = None
    """Size of the file in octets: zero in a request, the size in an OACK."""
    windowsize: int | None = None
    """Blocks per acknowledgement."""

    def __post_init__(self) -> None:
        for name, value in self.present.items():
            allowed = _RANGES[name]
            if value not in allowed:
                raise ValueError(f"{name} {value} is not within {allowed.start} to {allowed.stop - 1}")

    @property
    def present(self) -> dict[str, int]:
        """The options that are present, by their names on the wire."""
        values = {option.name: getattr(self, option.name) for option in fields(self)}
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """RRQ: a request to read a file in octet mode."""

    filename: str
    options: TftpOptions = field(default_factory=TftpOptions)

    def encode(self) -> bytes:
        """The packet as octets."""
        return _request(Opcode.RRQ, self.filename, self.options)


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """WRQ: a request to write a file in octet mode, which a boot server has to refuse."""

    filename: str
    options: TftpOptions = field(default_factory=TftpOptions)

    def encode(self) -> bytes:
        """The packet as octets."""
        return _request(Opcode.WRQ, self.filename, self.options)


@dataclass(frozen=True, slots=True)
class Data:
    """DATA: one block; the first has number 1, and one shorter than blksize is the last."""

    block: int
    content: bytes = field(repr=False)

    def encode(self) -> bytes:
        """The packet as octets."""
        return struct.pack("!HH", Opcode.DATA, self.block) + self.content


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """ACK: all blocks up to this one have been received; block 0 accepts an OACK."""

    block: int

    def encode(self) -> bytes:
        """The packet as octets."""
        return struct.pack("!HH", Opcode.ACK, self.block)


@dataclass(frozen=True, slots=True)
class Error:
    """ERROR: ends the transfer and is not acknowledged."""

    code: int
    message: str = ""

    def encode(self) -> bytes:
        """The packet as octets."""
        return struct.pack("!HH", Opcode.ERROR, self.code) + self.message.encode() + b"\0"

    def __str__(self) -> str:
        known = {string.value for string in ErrorCode}
        name = f" ({ErrorCode(self.code).name.lower().replace('_', ' ')})" if self.code in known else ""
        return f"error {self.code}{name} {self.message!r}"


@dataclass(frozen=True, slots=True)
class OptionAcknowledgement:
    """OACK: the options of the request that the server grants (RFC 2347)."""

    options: TftpOptions

    def encode(self) -> bytes:
        """The packet as octets."""
        return struct.pack("!H", Opcode.OACK) + _encoded_options(self.options)


Packet = ReadRequest | WriteRequest | Data | Acknowledgement | Error | OptionAcknowledgement


def decode(octets: bytes) -> Packet:
    """Decode the UDP payload of a TFTP datagram.

    Raises:
        MalformedPacket: the payload is no TFTP packet.
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
            # Servers often omit the NUL of the message; only the code matters.
            return Error(number, _text(octets[4:].split(b"\0", 1)[0]))
        case Opcode.OACK:
            return OptionAcknowledgement(_options(_strings(octets[2:])))
        case _:
            raise MalformedPacket(f"opcode {opcode} is none of TFTP's")


def _request(opcode: Opcode, filename: str, options: TftpOptions) -> bytes:
    return struct.pack("!H", opcode) + _nul_terminated(filename, _MODE) + _encoded_options(options)


def _read_request(octets: bytes) -> tuple[str, TftpOptions]:
    strings = _strings(octets[2:])
    if len(strings) < 2:
        raise MalformedPacket("a request without file name and mode")
    filename, mode, *options = strings
    if mode.lower() != _MODE:
        raise MalformedPacket(f"mode {mode!r} instead of {_MODE}")
    return filename, _options(options)


def _options(strings: list[str]) -> TftpOptions:
    """Decode options; names are case-insensitive (RFC 2347), unknown ones are ignored."""
    if len(strings) % 2:
        raise MalformedPacket(f"option {strings[-1]!r} has no value")
    values = dict(zip(map(str.lower, strings[::2]), strings[1::2], strict=True))
    try:
        return TftpOptions(**{name: int(value) for name, value in values.items() if name in _RANGES})
    except ValueError as error:
        raise MalformedPacket(f"an option's value: {error}") from error


def _strings(octets: bytes) -> list[str]:
    if not octets.endswith(b"\0"):
        raise MalformedPacket("the last string has no NUL")
    return [_text(string) for string in octets[:-1].split(b"\0")]


def _encoded_options(options: TftpOptions) -> bytes:
    return _nul_terminated(*(text for name, value in options.present.items() for text in (name, str(value))))


def _nul_terminated(*strings: str) -> bytes:
    return b"".join(string.encode() + b"\0" for string in strings)


def _text(octets: bytes) -> str:
    """Octets as text: UTF-8 unchanged, any other octet as a hexadecimal escape."""
    return octets.decode("utf-8", "backslashreplace")
