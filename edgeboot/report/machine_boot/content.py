"""The content of a file that passed in packets: its size, its SHA-256, and the parts that say what it is.

A capture has thousands of downloads. What is kept of each is bounded: its beginning (a PE file's headers,
``#!ipxe``) and a PE file's certificate table.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from edgeboot.node.boot.pe_image import certificates_at

BEGINNING: Final = 8 * 1024
"""Octets that are kept of each: a PE file's headers have one to four thousand."""
_CERTIFICATES: Final = 64 * 1024
"""Octets that are kept of a certificate table; signatures have some thousand."""


@dataclass(frozen=True, slots=True)
class Content:
    """What came of a file, in the order of its octets; slices are of what is kept of it."""

    size: int = 0
    digest: str = hashlib.sha256(b"").hexdigest()
    """SHA-256 in hexadecimal; without meaning where octets are lacking."""
    lacking: int = 0
    """Octets that its client has acknowledged and the capture does not have."""
    beginning: bytes = field(default=b"", repr=False)
    certificates: bytes = field(default=b"", repr=False)
    """A PE file's certificate table, where it is not in the beginning."""
    certificates_from: int = 0
    """The offset of that table."""

    @property
    def sha256(self) -> str:
        """In hexadecimal, or that it is not known."""
        return self.digest if not self.lacking else f"not known ({self.lacking} octets were not captured)"

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, part: slice) -> bytes:
        start, stop, _ = part.indices(self.size)
        if start >= self.certificates_from and self.certificates:
            return self.certificates[start - self.certificates_from : stop - self.certificates_from]
        return self.beginning[start:stop]

    def startswith(self, octets: bytes) -> bool:
        """Whether it begins with these."""
        return self.beginning.startswith(octets)


class ContentReader:
    """Reads a content as it comes, in the order of its octets."""

    __slots__ = ("_beginning", "_certificates", "_lacking", "_sha256", "_table", "size")

    def __init__(self) -> None:
        self.size = 0
        """Octets that have come."""
        self._lacking = 0
        self._sha256 = hashlib.sha256()
        self._beginning = b""
        self._table = slice(0, 0)
        self._certificates = b""

    def take(self, octets: bytes, lacking: int = 0) -> None:
        """The next octets, and how many behind them came that the capture does not have."""
        self._sha256.update(octets)
        if self.size < BEGINNING and not self._lacking:
            self._beginning += octets[: BEGINNING - self.size]
            if self.size + len(octets) >= BEGINNING:
                self._beginning = _shared(self._beginning)
                table = certificates_at(self._beginning)
                self._table = table if table.start >= self.size else slice(0, 0)
        if self.size < self._table.stop and self.size + len(octets) > self._table.start:
            self._keep_certificates(octets)
        self.size += len(octets) + lacking
        self._lacking += lacking

    def _keep_certificates(self, octets: bytes) -> None:
        stop = min(self._table.stop, self._table.start + _CERTIFICATES)
        self._certificates += octets[max(0, self._table.start - self.size) : max(0, stop - self.size)]

    @property
    def content(self) -> Content:
        """What has come so far."""
        # Parts of a table would stand at wrong offsets.
        certificates = b"" if self._lacking else self._certificates
        digest = self._sha256.hexdigest()
        return Content(
            self.size, digest, self._lacking, self._beginning, _shared(certificates), self._table.start
        )


@lru_cache(maxsize=512)
def _shared(octets: bytes) -> bytes:
    """One object for equal octets: machines of a rack fetch the same file."""
    return octets
