"""Writes packets into pcapng files of bounded size, so that a watch can run for months.

There are two files: the one that is named, and beside it the one that was full before. In pcapng sections
may follow each other, so both are read as one: ``cat boot.before.pcapng boot.pcapng | edgeboot explain -``.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from errno import EEXIST
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from edgeboot.host.wire.capture import pcapng_file
from edgeboot.host.wire.capture.link_types import ETHERNET
from edgeboot.host.wire.capture.packet import CapturedPacket
from edgeboot.host.wire.capture.reader import LONGEST_PACKET

SMALLEST: Final = 4 * LONGEST_PACKET
"""Octets that a ring needs, so that any packet fits into either file."""
_TAG: Final = 4
_USER_APPLICATION: Final = 4
"""Option of a section: the program that has written it (shb_userappl)."""
_WRITER: Final = b"edgeboot watch"
_BEGINS: Final = 64
"""Octets of a file in which that stands."""


class RingFile:
    """The last packets that were written, in at most ``limit`` octets.

    Args:
        path: of the file; an older ring's becomes the one beside it, whatever its size.
        interface: where the packets are heard, for who reads the file.
        limit: octets of both files together, at least ``SMALLEST``.

    Raises:
        ValueError: the limit is too small.
        FileExistsError: there is another file by that name, or by that of the one beside it.
        OSError: the file cannot be made.
    """

    def __init__(self, path: Path, interface: str, limit: int) -> None:
        if limit < SMALLEST:
            raise ValueError(f"a ring of {limit} octets is too small for any packet: {SMALLEST} are needed")
        self.path = path
        self.before = path.with_name(f"{path.stem}.before{path.suffix}")
        self._beginning = _beginning(interface)
        self._half = limit // 2 - len(_statistics(0))
        self._dropped = 0
        self._told = 0
        """Of them those that the file before this one has told."""
        for file in (path, self.before):
            if not _may_be_replaced(file):
                raise FileExistsError(EEXIST, "it exists, and edgeboot watch has not written it", str(file))
        if path.is_file() and path.stat().st_size:
            path.replace(self.before)
        else:
            self.before.unlink(missing_ok=True)
        self._file = path.open("wb")
        self._size = self._file.write(self._beginning)

    def write(self, packets: Iterable[CapturedPacket], dropped: int = 0) -> None:
        """Append packets, and hand them to the kernel: they outlive this process.

        Args:
            packets: in the order in which they were heard.
            dropped: how many the kernel has dropped so far, which the file tells at its end.
        """
        self._dropped = dropped
        for packet in packets:
            block = _packet(packet)
            if self._size + len(block) > self._half:
                self._begin_anew()
            self._size += self._file.write(block)
        self._file.flush()

    def close(self) -> None:
        """Finish the file; nothing is done the second time."""
        if self._file.closed:
            return
        self._file.write(_statistics(self._dropped - self._told))
        self._file.close()
        self._told = self._dropped

    def _begin_anew(self) -> None:
        self.close()
        self.path.replace(self.before)
        self._file = self.path.open("wb")
        self._size = self._file.write(self._beginning)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _may_be_replaced(path: Path) -> bool:
    """Whether it is a ring's, is empty, or is no file at all, such as a pipe; or is not there."""
    if not path.is_file() or not path.stat().st_size:
        return True
    with path.open("rb") as file:
        begins = file.read(_BEGINS)
    return begins.startswith(pcapng_file.MAGIC) and _WRITER in begins


def _beginning(interface: str) -> bytes:
    section = struct.pack("<IHHq", pcapng_file.BYTE_ORDER, 1, 0, -1) + _option(_USER_APPLICATION, _WRITER)
    described = struct.pack("<HHI", ETHERNET, 0, 0) + _option(pcapng_file.INTERFACE_NAME, interface.encode())
    return _block(pcapng_file.SECTION, section) + _block(pcapng_file.INTERFACE, described)


def _packet(packet: CapturedPacket) -> bytes:
    octets = packet.tagged
    ticks = round(packet.at * 1e6)
    wire_length = packet.wire_length + _TAG * len(packet.vlans)
    fields = struct.pack("<IIIII", 0, ticks >> 32, ticks & 0xFFFFFFFF, len(octets), wire_length)
    return _block(pcapng_file.PACKET, fields + octets)


def _statistics(dropped: int) -> bytes:
    option = _option(pcapng_file.DROPPED_BY_INTERFACE, struct.pack("<Q", dropped))
    return _block(pcapng_file.STATISTICS, bytes(12) + option)


def _option(code: int, value: bytes) -> bytes:
    return struct.pack("<HH", code, len(value)) + _padded(value)


def _block(kind: int, body: bytes) -> bytes:
    body = _padded(body)
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


def _padded(octets: bytes) -> bytes:
    return octets + bytes(-len(octets) % 4)
