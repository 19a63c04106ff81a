"""Octets of a file or pipe, read forward through a window of bounded size, and unpacked by gzip."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import BinaryIO, Final

GZIP: Final = b"\x1f\x8b"
_CHUNK: Final = 1 << 18
_GZIP_HEADER: Final = 16 + zlib.MAX_WBITS


class Damaged(Exception):
    """From here on nothing of a capture can be read; the text says what is there, and at which octet."""


class Window:
    """The octets from where a reader is: ``octets[at:]``, and more where ``has`` is asked for them.

    Args:
        read: some of the next octets, at most as many as asked for; none at the end.
        beginning: octets that were read before.
    """

    def __init__(self, read: Callable[[int], bytes], beginning: bytes = b"") -> None:
        self._read = read
        self._passed = 0
        self.octets = beginning
        self.at = 0

    @property
    def offset(self) -> int:
        """Where in the file the reader is; of a packed one, in what is unpacked."""
        return self._passed + self.at

    def has(self, length: int) -> bool:
        """Whether so many octets follow; they are in the window then."""
        available = len(self.octets) - self.at
        if available >= length:
            return True
        parts = [self.octets[self.at :]]
        while available < length and (more := self._read(_CHUNK)):
            parts.append(more)
            available += len(more)
        self._passed += self.at
        self.octets, self.at = b"".join(parts), 0
        return available >= length


class _Unpacked:
    """The octets of a gzip stream, of any number of members (RFC 1952)."""

    def __init__(self, read: Callable[[int], bytes], beginning: bytes) -> None:
        self._read = read
        self._packed = beginning
        self._member = zlib.decompressobj(_GZIP_HEADER)

    def read(self, length: int) -> bytes:
        """At most ``length`` of the next octets; none at the end.

        Raises:
            Damaged: it is no gzip stream from here on, or ends within a member.
        """
        while True:
            packed, self._packed = self._packed or self._read(_CHUNK), b""
            if self._member.eof:
                packed = packed.lstrip(b"\0")  # Padding, as gzip(1) ignores it.
                if not packed:
                    return b""
                self._member = zlib.decompressobj(_GZIP_HEADER)
            if not packed:
                raise Damaged("the gzip stream ends before its end")
            try:
                octets = self._member.decompress(packed, length)
            except zlib.error as error:
                raise Damaged(f"the gzip stream is damaged ({error})") from None
            self._packed = self._member.unconsumed_tail or self._member.unused_data
            if octets:
                return octets


def window(stream: BinaryIO) -> Window:
    """A window at the beginning of a stream; of what is in it, if it is packed with gzip."""
    # A pipe hands over what it has: waiting for a whole chunk would delay what is captured live.
    read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
    plain = Window(read)
    plain.has(len(GZIP))
    if not plain.octets.startswith(GZIP):
        return plain
    return Window(_Unpacked(read, plain.octets).read)
