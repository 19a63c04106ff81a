"""Transfers by TFTP as a capture shows them: what was asked of whom, how it ended, and the content."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.node.boot import tftp_packets as tftp
from edgeboot.report.machine_boot.content import ContentReader
from edgeboot.report.machine_boot.download import Download, Ending

_ANSWERS: Final = frozenset({tftp.Opcode.DATA, tftp.Opcode.ERROR, tftp.Opcode.OACK})
_SAME: Final = 0.02
"""Seconds within which a block that comes again is the same, captured at a second place."""
_TIMER: Final = 0.5
"""Seconds: no server waits a shorter time for an ACK before it sends a block again by itself."""
_BOUNDED: Final = frozenset({"blksize", "windowsize"})
"""Options of which a server may grant less than was asked for, and not more."""
_WAITING: Final = 512 * 1024
"""Octets of blocks that may wait for those before them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TftpDownload(Download):
    """One read request and what followed."""

    name: str
    error: tftp.Error | None = None
    """By which the server refused."""
    blksize: int = tftp.DEFAULT_BLKSIZE
    """Octets of a block, as the server granted it."""
    asked: tftp.TftpOptions = field(default_factory=tftp.TftpOptions)
    """The options of the request."""
    granted: tftp.TftpOptions = field(default_factory=tftp.TftpOptions)
    """The options of the OACK; none where none was seen."""
    port: int | None = None
    """From which the server has sent; None without an answer."""
    left: bool = False
    """Whether the client has ended it by an error."""
    repeated: int = 0
    """Blocks that were sent again."""
    provoked: int = 0
    """Of these, blocks that a repeated ACK called for (RFC 1123 section 4.2.3.1)."""
    unacknowledged: int | None = None
    """The last block that came; None where the client has acknowledged it, or none came."""
    answered_from: IPv4Address | None = None
    """Another address than the one that was asked, from which an answer came; None without."""

    @property
    def url(self) -> str:
        """As a URL, with the name as it was asked for."""
        return f"tftp://{self.server}/{self.name}"

    @property
    def beyond_asked(self) -> str:
        """What the OACK grants against RFC 2347, 2348 and 7440, in words; empty where nothing.

        An option that was not asked for, or a larger block or window than was.
        """
        asked = self.asked.present
        wrong = (
            f"{name} {value} where {asked.get(name, 'none')} was asked for"
            for name, value in self.granted.present.items()
            if name not in asked or (name in _BOUNDED and value > asked[name])
        )
        return ", and ".join(wrong)

    @property
    def told(self) -> str:
        """How it ended, in words."""
        match self.ending:
            case Ending.WHOLE:
                return f"{self.url} fetched whole, {len(self.content)} octets"
            case Ending.SIZE_ONLY:
                return f"{self.url} asked for its size"
            case Ending.REFUSED:
                return f"{self.url} refused with {self.error}"
            case Ending.SILENT:
                return f"{self.url} asked for, and not answered"
            case Ending.UNSEEN:
                return f"{self.url} asked for, and answered where this capture does not see it"
            case _:
                return f"{self.url} cut off after {len(self.content)} octets"


@dataclass(slots=True)
class TftpTransfer:
    """A transfer as it goes on."""

    at: float
    server: IPv4Address
    request: tftp.ReadRequest
    blksize: int = tftp.DEFAULT_BLKSIZE
    granted: tftp.TftpOptions = field(default_factory=tftp.TftpOptions)
    """By its OACK."""
    port: int | None = None
    acknowledged: int = 0
    refusal: tftp.Error | None = None
    was_ended: bool = False
    """By an error of the client."""
    answered: bool = False
    answered_from: IPv4Address | None = None
    repeated: int = 0
    provoked: int = 0
    ended: float = 0.0
    server_mac: MacAddress | None = None
    last: int | None = None
    """The number of the block that is shorter than the others."""
    came: ContentReader = field(default_factory=ContentReader)
    _blocks: int = 0
    """Blocks that were read, in their order."""
    _came_at: float = 0.0
    _asked_again: tuple[int, float] = (0, 0.0)
    """The block whose ACK came twice, and when."""
    _waiting: dict[int, tuple[bytes, int]] = field(default_factory=dict)

    def is_repeated_by(self, server: IPv4Address, request: tftp.ReadRequest) -> bool:
        """Whether a request is this one, sent once more."""
        return not self.answered and (self.server, self.request) == (server, request)

    def sent(self, at: float, opcode: int, payload: bytes) -> None:
        """One more packet of the machine."""
        self.ended = at
        if opcode == tftp.Opcode.ACK:
            number = self._absolute(int.from_bytes(payload[2:4]))
            if number == self.acknowledged:
                self._asked_again = (number, at)
            self.acknowledged = max(self.acknowledged, number)
        elif opcode == tftp.Opcode.ERROR:
            self.was_ended = True

    def received(self, at: float, opcode: int, payload: bytes, lacking: int, source_mac: bytes) -> None:
        """One more packet of the server; ``lacking`` octets behind its payload were not captured."""
        if opcode not in _ANSWERS:
            return
        self.ended = at
        if not self.answered:
            self.answered, self.server_mac = True, MacAddress(source_mac)
        if opcode == tftp.Opcode.DATA:
            number = self._absolute(int.from_bytes(payload[2:4]))
            if number <= self._blocks or number in self._waiting:
                again = at - self._came_at > _SAME
                self.repeated += again
                called_for, since = self._asked_again
                self.provoked += again and number == called_for and at - since < _TIMER
            else:
                self._came_at = at
                self._block(number, payload[4:], lacking)
        elif opcode in {tftp.Opcode.OACK, tftp.Opcode.ERROR}:
            try:
                packet = tftp.decode(payload)
            except (tftp.MalformedPacket, ValueError):
                return
            if isinstance(packet, tftp.OptionAcknowledgement):
                self.blksize = packet.options.blksize or self.blksize
                self.granted = packet.options
            elif isinstance(packet, tftp.Error):
                self.refusal = packet

    def _block(self, number: int, octets: bytes, lacking: int) -> None:
        if len(octets) + lacking < self.blksize:
            self.last = number
        if number > self._blocks + 1:
            self._waiting[number] = (octets, lacking)
            if len(self._waiting) * self.blksize > _WAITING:
                self._pass_over(min(self._waiting))
            return
        self._blocks = number
        self.came.take(octets, lacking)
        while self._waiting and (after := self._waiting.pop(self._blocks + 1, None)):
            self._blocks += 1
            self.came.take(*after)

    def _pass_over(self, until: int) -> None:
        """The machine has the blocks before this one, and the capture has not."""
        self.came.take(b"", (until - 1 - self._blocks) * self.blksize)
        self._blocks = until - 1
        if until in self._waiting:
            octets, lacking = self._waiting.pop(until)
            self._block(until, octets, lacking)

    def _absolute(self, block: int) -> int:
        """The block's number without its wrap after 65535."""
        latest = max(self._blocks, self.acknowledged, max(self._waiting, default=0))
        turns = (latest - block + tftp.BLOCK_NUMBERS // 2) // tftp.BLOCK_NUMBERS
        return block + max(0, turns) * tftp.BLOCK_NUMBERS

    def _settle(self) -> None:
        """Pass over what the machine has acknowledged and the capture lacks."""
        while self._waiting and (first := min(self._waiting)) <= self.acknowledged + 1:
            self._pass_over(first)
        if self.acknowledged > self._blocks and self.last is None:
            self._pass_over_the_end()

    def _pass_over_the_end(self) -> None:
        """The last blocks lack: their sizes are known by the size that the server has stated."""
        size = self.granted.tsize
        if size is not None and self.acknowledged == size // self.blksize + 1:
            self.came.take(b"", size - self.came.size)
            self._blocks = self.last = self.acknowledged

    @property
    def download(self) -> TftpDownload:
        """What has become of it."""
        self._settle()
        return TftpDownload(
            at=self.at,
            server=self.server,
            ending=self._ending(),
            ended=self.ended or self.at,
            progressed=self._came_at,
            content=self.came.content,
            server_mac=self.server_mac,
            name=self.request.filename,
            error=self.refusal,
            blksize=self.blksize,
            asked=self.request.options,
            granted=self.granted,
            port=self.port,
            left=self.was_ended,
            repeated=self.repeated,
            provoked=self.provoked,
            unacknowledged=self._blocks if self._blocks > self.acknowledged else None,
            answered_from=self.answered_from,
        )

    def _ending(self) -> Ending:
        if self.last is not None and self.acknowledged >= self.last == self._blocks:
            return Ending.WHOLE
        if self.refusal is not None:
            return Ending.REFUSED
        if not self.answered:
            return Ending.UNSEEN if self.acknowledged else Ending.SILENT
        size_alone = self.request.options.tsize is not None and self.was_ended and not self.came.size
        return Ending.SIZE_ONLY if size_alone else Ending.CUT
