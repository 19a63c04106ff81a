"""Opens a capture of any kind that is read, by its first octets, and says what is wrong with others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from edgeboot.base.errors import UsageError
from edgeboot.host.wire.capture import pcap_file, pcapng_file
from edgeboot.host.wire.capture.link_types import UNREAD_HINT, named
from edgeboot.host.wire.capture.octets import Damaged, Window, window
from edgeboot.host.wire.capture.packet import CapturedPacket
from edgeboot.host.wire.capture.pcap_file import PcapFile
from edgeboot.host.wire.capture.pcapng_file import PcapngFile
from edgeboot.host.wire.capture.reader import Reader, Unusable

_MAGIC: Final = 4
_CONVERT: Final = "convert it: editcap -F pcapng OLD NEW"
_OTHERS: Final[Mapping[bytes, tuple[str, str]]] = {
    b"\x28\xb5\x2f\xfd": ("is packed with zstd", "unpack it: zstd -d FILE"),
    b"\xfd7zX": ("is packed with xz", "unpack it: unxz FILE"),
    b"BZh": ("is packed with bzip2", "unpack it: bunzip2 FILE"),
    b"PK\x03\x04": ("is a zip archive", "unpack it: unzip FILE"),
    b"\x34\xcd\xb2\xa1": ("is a capture file with Kuznetzov's changes", _CONVERT),
    b"\xa1\xb2\xcd\x34": ("is a capture file with Kuznetzov's changes", _CONVERT),
    b"snoop": ("is a capture file of snoop", _CONVERT),
    b"GMBU": ("is a capture file of Network Monitor", _CONVERT),
    b"RTSS": ("is a capture file of Network Monitor", _CONVERT),
}
"""What is brought as a capture and is none that is read, by its first octets."""


class Capture:
    """The packets of one capture, read once and forward; nothing of it is kept in memory.

    After the last packet its other attributes say what of the capture is not in them.

    Args:
        name: of the file, for errors.
        stream: at its beginning; a pipe serves as well as a file.

    Raises:
        UsageError: it is no capture, or of a kind that cannot be read.
    """

    def __init__(self, name: str, stream: BinaryIO) -> None:
        self.name = name
        self.damage = ""
        """Why the capture's rest could not be read, as a sentence; empty where all of it was."""
        self._stream = stream
        try:
            self._reader = _reader(window(stream))
        except Unusable as error:
            raise UsageError(name, error.problem, error.hint) from None
        except Damaged as error:
            raise UsageError(name, f"cannot be unpacked: {error}", "copy it anew") from None

    def __iter__(self) -> Iterator[CapturedPacket]:
        """All packets, in the file's order, up to where it is cut or damaged.

        Raises:
            UsageError: all of them are of link types that cannot be read.
            OSError: the file cannot be read on.
        """
        reader = self._reader
        try:
            yield from reader.packets()
        except Damaged as error:
            self.damage = f"{self.name} was read only in part: {error}"
        if reader.unread and reader.unread.total() == reader.number:
            raise UsageError(self.name, f"holds no Ethernet frames ({', '.join(self.unread)})", UNREAD_HINT)

    @property
    def dropped(self) -> int:
        """Packets that passed and are not in the capture, by what it says itself."""
        return self._reader.dropped

    @property
    def unread(self) -> Mapping[str, int]:
        """How many packets were left out, by the name of their link type."""
        return {named(link_type): count for link_type, count in self._reader.unread.items()}

    @property
    def notes(self) -> tuple[str, ...]:
        """What of the capture is not among its packets, each as a sentence."""
        found = [self.damage] if self.damage else []
        if self.dropped:
            found.append(f"packets lost while it was captured, by what it says itself: {self.dropped}")
        found += [
            f"packets that are no Ethernet frames ({name}): {count}" for name, count in self.unread.items()
        ]
        if self._reader.untimed:
            found.append(
                f"packets without a time, which stand at that of the one before: {self._reader.untimed}"
            )
        return tuple(found)

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_capture(source: Path | BinaryIO) -> Capture:
    """A capture in a file or a stream, such as that of stdin: pcap, pcapng, or one of them packed with gzip.

    Raises:
        UsageError: it cannot be opened, is no capture, or of a kind that cannot be read.
    """
    if not isinstance(source, Path):
        return Capture(getattr(source, "name", "stream"), source)
    try:
        stream = source.open("rb")
    except OSError as error:
        raise UsageError(
            str(source), error.strerror or str(error), "name a capture that can be read"
        ) from None
    try:
        return Capture(str(source), stream)
    except BaseException:
        stream.close()
        raise


def _reader(octets: Window) -> Reader:
    octets.has(max(map(len, _OTHERS)))
    beginning = octets.octets
    if beginning.startswith(pcapng_file.MAGIC):
        return PcapngFile(octets)
    if beginning[:_MAGIC] in pcap_file.MAGIC:
        return PcapFile(octets)
    if not beginning:
        raise Unusable("is empty", "name a capture that tcpdump -w or Wireshark has written")
    for magic, (problem, hint) in _OTHERS.items():
        if beginning.startswith(magic):
            raise Unusable(problem, hint)
    raise Unusable(
        f"is no capture file: it begins with the octets {beginning[:_MAGIC].hex(' ')}",
        "name one that tcpdump -w or Wireshark has written, pcap or pcapng, or the same packed with gzip",
    )
