"""Transfers by TFTP as a capture shows them: what was asked of whom, how it ended, and the content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from edgeboot.base.mac import MacAddress
from edgeboot.host.wire.fragments import reassembled
from edgeboot.host.wire.frame import Datagram, Frame, dissect
from edgeboot.node.boot import tftp_packets as tftp
from edgeboot.report.machine_boot.download import Download, Ending


@dataclass(frozen=True, slots=True, kw_only=True)
class TftpDownload(Download):
    """One read request and what followed."""

    name: str
    error: tftp.Error | None = None
    """By which the server refused."""

    @property
    def url(self) -> str:
        """As a URL, with the name as it was asked for."""
        return f"tftp://{self.server}/{self.name}"

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
            case _:
                return f"{self.url} cut off after {len(self.content)} octets"


def tftp_downloads(mac: MacAddress, frames: Sequence[Frame]) -> tuple[TftpDownload, ...]:
    """Every transfer that a machine has asked for, in the order of its requests.

    A request that is sent again from the same port is the same one.
    """
    transfers: dict[int, _Transfer] = {}
    finished: list[_Transfer] = []
    for at, datagram, packet in _packets(mac, frames):
        if isinstance(packet, tftp.ReadRequest):
            known = transfers.get(datagram.source_port)
            if known is not None and known.is_repeated_by(datagram, packet):
                continue
            transfers[datagram.source_port] = _Transfer(at, datagram.destination, packet)
            finished.append(transfers[datagram.source_port])
            continue
        own = datagram.source_mac == mac
        transfer = transfers.get(datagram.source_port if own else datagram.destination_port)
        if transfer is not None:
            transfer.take(at, datagram, packet, own=own)
    return tuple(each.download for each in finished)


def _packets(mac: MacAddress, frames: Iterable[Frame]) -> Iterator[tuple[float, Datagram, tftp.Packet]]:
    """Those from the machine and to it; who a datagram is for is told by its Ethernet addresses."""
    for frame in reassembled(frames):
        if mac.packed not in {frame.octets[:6], frame.octets[6:12]}:
            continue
        datagram = dissect(frame.untagged)
        if datagram is None:
            continue
        try:
            yield frame.at, datagram, tftp.decode(datagram.payload)
        except (tftp.MalformedPacket, ValueError):
            continue


@dataclass(slots=True)
class _Transfer:
    """A transfer as it goes on."""

    at: float
    server: IPv4Address
    request: tftp.ReadRequest
    blksize: int = tftp.DEFAULT_BLKSIZE
    blocks: dict[int, bytes] = field(default_factory=dict)
    acknowledged: int = 0
    refusal: tftp.Error | None = None
    was_ended: bool = False
    """By an error of the client."""
    answered: bool = False
    ended: float = 0.0
    server_mac: MacAddress | None = None

    def is_repeated_by(self, datagram: Datagram, packet: tftp.ReadRequest) -> bool:
        """Whether a request is this one, sent once more."""
        return not self.answered and (self.server, self.request) == (datagram.destination, packet)

    def take(self, at: float, datagram: Datagram, packet: tftp.Packet, *, own: bool) -> None:
        """One more packet."""
        if not own and datagram.source != self.server:
            return
        self.ended = at
        if own:
            self.was_ended |= isinstance(packet, tftp.Error)
            if isinstance(packet, tftp.Acknowledgement):
                self.acknowledged = max(self.acknowledged, self._absolute(packet.block))
            return
        self.answered, self.server_mac = True, datagram.source_mac
        match packet:
            case tftp.OptionAcknowledgement():
                self.blksize = packet.options.blksize or self.blksize
            case tftp.Data():
                self.blocks.setdefault(self._absolute(packet.block), packet.content)
            case tftp.Error():
                self.refusal = packet

    def _absolute(self, block: int) -> int:
        """The block's number without its wrap after 65535."""
        latest = max(max(self.blocks, default=0), self.acknowledged)
        turns = (latest - block + tftp.BLOCK_NUMBERS // 2) // tftp.BLOCK_NUMBERS
        return block + max(0, turns) * tftp.BLOCK_NUMBERS

    @property
    def download(self) -> TftpDownload:
        """What has become of it."""
        content = b"".join(self._without_gap())
        ending = self._ending()
        return TftpDownload(
            at=self.at,
            server=self.server,
            ending=ending,
            ended=self.ended or self.at,
            content=content,
            server_mac=self.server_mac,
            name=self.request.filename,
            error=self.refusal,
        )

    def _without_gap(self) -> Iterator[bytes]:
        number = 1
        while number in self.blocks:
            yield self.blocks[number]
            number += 1

    def _ending(self) -> Ending:
        last = max(self.blocks, default=0)
        is_last = last > 0 and len(self.blocks[last]) < self.blksize
        if is_last and self.acknowledged >= last and len(self.blocks) == last:
            return Ending.WHOLE
        if self.refusal is not None:
            return Ending.REFUSED
        if not self.answered:
            return Ending.SILENT
        return Ending.SIZE_ONLY if self.was_ended and not self.blocks else Ending.CUT
