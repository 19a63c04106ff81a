"""Answers of an HTTP/1 server, read as their octets come: head, and content by whatever ends it.

Heads are read by the standard library's ``http.client``; which of the ways in which a content may end
(RFC 9112 section 6.3) is this one's, by Content-Length, by its last chunk, or with the connection.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from enum import Enum, auto
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from socket import socket
from typing import Final, cast

from edgeboot.report.machine_boot.content import ContentReader

MOST: Final = 64 * 1024
"""Octets that a head or the line of a chunk's size may have."""
_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
"""Some servers end lines with LF alone, which a client may take (RFC 9112 section 2.2)."""
_HTTP: Final = b"HTTP/"


class Reading(Enum):
    """What of an answer comes next."""

    HEAD = auto()
    COUNTED = auto()
    CHUNK_SIZE = auto()
    CHUNK = auto()
    TRAILER = auto()
    UNTIL_THE_END = auto()
    """Of the connection: without a length, only the server's FIN shows that the content is whole."""
    DONE = auto()
    UNREADABLE = auto()


@dataclass(slots=True)
class Answer:
    """One answer as it comes."""

    method: str
    """Of the request: the answer to HEAD has no content."""
    reading: Reading = Reading.HEAD
    status: int | None = None
    """None before the head has come."""
    content_type: str = ""
    location: str = ""
    came: ContentReader = field(default_factory=ContentReader)
    ended: float = 0.0
    """When its last octet passed."""
    was_not_captured: bool = False
    """Whether octets of its head, or between chunks, are lacking: what it says is not known."""
    _left: int = 0
    _line: bytes = b""

    def take(self, at: float, octets: bytes, lacking: int) -> bytes:
        """The next octets of the connection; those behind the answer's end come back."""
        while octets or lacking:
            if self.reading in {Reading.DONE, Reading.UNREADABLE}:
                return octets
            self.ended = at
            if self.reading in {Reading.COUNTED, Reading.CHUNK}:
                octets, lacking = self._counted(octets, lacking)
            elif self.reading is Reading.UNTIL_THE_END:
                self.came.take(octets, lacking)
                return b""
            else:
                if lacking:
                    self.was_not_captured, self.reading = True, Reading.UNREADABLE
                octets = self._by_line(octets)
        return octets

    def _counted(self, octets: bytes, lacking: int) -> tuple[bytes, int]:
        own = octets[: self._left]
        own_lacking = min(lacking, self._left - len(own))
        self.came.take(own, own_lacking)
        self._left -= len(own) + own_lacking
        if not self._left:
            self.reading = Reading.DONE if self.reading is Reading.COUNTED else Reading.CHUNK_SIZE
        return octets[len(own) :], lacking - own_lacking

    def _by_line(self, octets: bytes) -> bytes:
        """Read a head, the line of a chunk's size, or a trailer's line; octets behind it come back."""
        self._line += octets
        if self.reading is Reading.HEAD:
            found = _HEAD_END.search(self._line)
            if not self._line.startswith(_HTTP[: len(self._line)]):
                self.reading = Reading.UNREADABLE
                return b""
            end = found.end() if found else -1
        else:
            end = self._line.find(b"\n") + 1 or -1
        if end < 0:
            if len(self._line) > MOST:
                self.reading = Reading.UNREADABLE
            return b""
        line, rest = self._line[:end], self._line[end:]
        self._line = b""
        match self.reading:
            case Reading.HEAD:
                self._head(line)
            case Reading.CHUNK_SIZE:
                self._chunk(line)
            case Reading.TRAILER if not line.strip():
                self.reading = Reading.DONE
        return rest

    def _head(self, head: bytes) -> None:
        response = HTTPResponse(cast(socket, _Head(head)), method=self.method)
        try:
            response.begin()
        except (HTTPException, ConnectionError, ValueError):
            # An interim answer, such as 100 (Continue), is followed by the one that counts.
            interim = re.match(rb"HTTP/1\.\d 1\d\d", head) is not None
            self.reading = Reading.HEAD if interim else Reading.UNREADABLE
            return
        if response.status < HTTPStatus.OK and response.status != HTTPStatus.SWITCHING_PROTOCOLS:
            return
        self.status = response.status
        self.content_type = response.headers.get("Content-Type", "")
        self.location = response.headers.get("Location", "")
        if response.chunked and self.method != "HEAD":
            self.reading = Reading.CHUNK_SIZE
        elif response.length is None:
            self.reading = Reading.UNTIL_THE_END
        else:
            self._left = response.length
            self.reading = Reading.COUNTED if self._left else Reading.DONE

    def _chunk(self, line: bytes) -> None:
        size = line.partition(b";")[0].strip()
        if not size:  # The line end behind a chunk.
            return
        try:
            self._left = int(size, 16)
        except ValueError:
            self.reading = Reading.UNREADABLE
            return
        self.reading = Reading.CHUNK if self._left > 0 else Reading.TRAILER


class _Head(io.BytesIO):
    """A head, as http.client reads it from a socket."""

    def makefile(self, *_: object) -> _Head:
        """Itself."""
        return self
