"""The state machine of a TFTP read: packets in, the response to each out; without I/O or clock.

Acknowledgements, duplicates and reordering follow RFC 1350 section 2 and RFC 7440 section 4,
options RFC 2347.
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
    Packet,
    TftpOptions,
)

_LOCKSTEP: Final = 1


class ProtocolViolation(Exception):
    """The server violated the protocol; ``error`` is the packet that ends the transfer."""

    def __init__(self, problem: str, code: ErrorCode) -> None:
        self.error = Error(code, problem)
        super().__init__(problem)


class TftpReader:
    """The blocks of a file received so far, and the acknowledgements due.

    Args:
        requested: the options of the read request.
    """

    def __init__(self, requested: TftpOptions) -> None:
        self._requested = requested
        self._content = bytearray()
        self._since_acknowledged = 0
        self._gap_reported = False
        self.granted = TftpOptions()
        """The options of the server's OACK."""
        self.blocks = 0
        """Number of blocks received in order; the numbers on the wire wrap at 65536."""
        self.done = False
        """Whether the last block has been received."""

    @property
    def blksize(self) -> int:
        """Octets in a full block."""
        return self.granted.blksize or DEFAULT_BLKSIZE

    @property
    def windowsize(self) -> int:
        """Number of blocks the server sends before it waits for an acknowledgement."""
        return self.granted.windowsize or _LOCKSTEP

    @property
    def content(self) -> bytes:
        """The octets received in order so far."""
        return bytes(self._content)

    @property
    def expected_blocks(self) -> int | None:
        """Number of blocks of the file; None if the server did not announce its size."""
        return None if self.granted.tsize is None else self.granted.tsize // self.blksize + 1

    def acknowledge(self) -> Acknowledgement:
        """The acknowledgement of everything received; the server continues behind it."""
        self._since_acknowledged = 0
        return Acknowledgement(self.blocks % BLOCK_NUMBERS)

    def acknowledge_again(self) -> Acknowledgement:
        """The same acknowledgement after a time-out; a gap may be reported once more after it."""
        self._gap_reported = False
        return self.acknowledge()

    def handle(self, packet: Packet) -> Acknowledgement | None:
        """Process a packet of the server; returns the acknowledgement to send, if one is due.

        Raises:
            Violation: the server must not send this packet.
        """
        match packet:
            case OptionAcknowledgement():
                return self._handle_options(packet.options)
            case Data():
                return self._handle_block(packet)
            case _:
                raise ProtocolViolation(
                    f"{type(packet).__name__} in answer to a read request", ErrorCode.ILLEGAL_OPERATION
                )

    def _handle_options(self, granted: TftpOptions) -> Acknowledgement | None:
        if self.blocks:
            return None  # A duplicate of the OACK, overtaken by data.
        requested = self._requested.present
        for name, value in granted.present.items():
            if name not in requested:
                raise ProtocolViolation(
                    f"grants {name} {value}, which was not asked for", ErrorCode.OPTION_NEGOTIATION_FAILED
                )
            if value != requested[name] and (
                name == "timeout" or (name != "tsize" and value > requested[name])
            ):
                raise ProtocolViolation(
                    f"grants {name} {value} where {requested[name]} was asked for",
                    ErrorCode.OPTION_NEGOTIATION_FAILED,
                )
        self.granted = granted
        return self.acknowledge()

    def _handle_block(self, data: Data) -> Acknowledgement | None:
        if len(data.content) > self.blksize:
            raise ProtocolViolation(
                f"block {data.block} has {len(data.content)} octets where {self.blksize} were agreed",
                ErrorCode.ILLEGAL_OPERATION,
            )
        ahead = (data.block - self.blocks) % BLOCK_NUMBERS
        if ahead == 1:
            return self._append(data.content)
        if ahead == 0:
            # Retransmitted: our acknowledgement was lost. In mid-window one would have the server send the
            # rest of the window twice, and each copy of that again.
            return None if self._since_acknowledged else self.acknowledge()
        if ahead <= self.windowsize and not self._gap_reported:
            # A block of the window is missing: report once how far the file is complete.
            self._gap_reported = True
            return self.acknowledge()
        return None

    def _append(self, content: bytes) -> Acknowledgement | None:
        self._content += content
        self.blocks += 1
        self._since_acknowledged += 1
        self._gap_reported = False
        self.done = len(content) < self.blksize
        if self.done or self._since_acknowledged >= self.windowsize:
            return self.acknowledge()
        return None
