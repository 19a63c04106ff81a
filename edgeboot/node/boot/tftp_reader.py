"""One file being read by TFTP: packets in, the answer to each out; knows no wire and no clock.

The rules for what is acknowledged, and for what comes twice or out of order, are RFC 1350
section 2 and RFC 7440 section 4; those for options RFC 2347.
"""

from __future__ import annotations

from typing import Final

from edgeboot.node.boot.tftp_packets import (
    BLOCK_NUMBERS,
    DEFAULT_BLKSIZE,
    Acknowledgement,
    Data,
    Error,
    ErrorCode,
    OptionAcknowledgement,
    Options,
    Packet,
)

_LOCKSTEP: Final = 1


class Violation(Exception):
    """The server broke the protocol; ``answer`` is what it is told before the transfer ends."""

    def __init__(self, problem: str, code: ErrorCode) -> None:
        self.answer = Error(code, problem)
        super().__init__(problem)


class Reading:
    """What has come of a file so far, and what is due next.

    Args:
        asked: the options of the request.
    """

    def __init__(self, asked: Options) -> None:
        self._asked = asked
        self._content = bytearray()
        self._since_acknowledged = 0
        self._gap_told = False
        self.granted = Options()
        """The options of the server's OACK."""
        self.blocks = 0
        """Blocks that have come, in order; their numbers on the wire wrap at 65536."""
        self.done = False

    @property
    def blksize(self) -> int:
        """Octets of a full block."""
        return self.granted.blksize or DEFAULT_BLKSIZE

    @property
    def windowsize(self) -> int:
        """Blocks the server sends before it waits for an acknowledgement."""
        return self.granted.windowsize or _LOCKSTEP

    @property
    def content(self) -> bytes:
        """What has come, in order."""
        return bytes(self._content)

    @property
    def expected_blocks(self) -> int | None:
        """How many blocks the file has, where the server told its size."""
        return None if self.granted.tsize is None else self.granted.tsize // self.blksize + 1

    def acknowledge(self) -> Acknowledgement:
        """The acknowledgement of everything that has come, from which the server goes on."""
        self._since_acknowledged = 0
        return Acknowledgement(self.blocks % BLOCK_NUMBERS)

    def acknowledge_again(self) -> Acknowledgement:
        """The same, because nothing came; a gap may be told once more after it."""
        self._gap_told = False
        return self.acknowledge()

    def take(self, packet: Packet) -> Acknowledgement | None:
        """Take in what the server sent; returns what it must be answered, if anything.

        Raises:
            Violation: it must not have sent that.
        """
        match packet:
            case OptionAcknowledgement():
                return self._take_options(packet.options)
            case Data():
                return self._take_block(packet)
            case _:
                raise Violation(
                    f"{type(packet).__name__} in answer to a read request", ErrorCode.ILLEGAL_OPERATION
                )

    def _take_options(self, granted: Options) -> Acknowledgement | None:
        if self.blocks:
            return None  # The same OACK again, overtaken by data.
        asked = self._asked.mentioned
        for name, value in granted.mentioned.items():
            if name not in asked:
                raise Violation(
                    f"grants {name} {value}, which was not asked for", ErrorCode.OPTION_NEGOTIATION_FAILED
                )
            if value != asked[name] and (name == "timeout" or (name != "tsize" and value > asked[name])):
                raise Violation(
                    f"grants {name} {value} where {asked[name]} was asked for",
                    ErrorCode.OPTION_NEGOTIATION_FAILED,
                )
        self.granted = granted
        return self.acknowledge()

    def _take_block(self, data: Data) -> Acknowledgement | None:
        if len(data.content) > self.blksize:
            raise Violation(
                f"block {data.block} has {len(data.content)} octets where {self.blksize} were agreed",
                ErrorCode.ILLEGAL_OPERATION,
            )
        ahead = (data.block - self.blocks) % BLOCK_NUMBERS
        if ahead == 1:
            return self._take_next(data.content)
        if ahead == 0:
            return self.acknowledge()  # Sent again: our acknowledgement was lost.
        if ahead <= self.windowsize and not self._gap_told:
            # A block of the window is missing: say once up to where it is whole.
            self._gap_told = True
            return self.acknowledge()
        return None

    def _take_next(self, content: bytes) -> Acknowledgement | None:
        self._content += content
        self.blocks += 1
        self._since_acknowledged += 1
        self._gap_told = False
        self.done = len(content) < self.blksize
        if self.done or self._since_acknowledged >= self.windowsize:
            return self.acknowledge()
        return None
