"""Downloads by HTTP/1 as a capture shows them: requests, the heads of the answers, and the content.

Answers are read by the standard library's ``http.client``, which knows every way in which one may end
(RFC 9112 section 6.3): by Content-Length, by its last chunk, or with the connection.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse, IncompleteRead
from socket import socket
from typing import Final, cast

from edgeboot.base.mac import MacAddress
from edgeboot.host.wire.frame import Frame
from edgeboot.report.machine_boot.download import Download, Ending
from edgeboot.report.machine_boot.tcp_connection import TcpConnection, tcp_connections

_METHODS: Final = (b"GET ", b"HEAD ")
_HEAD_END: Final = b"\r\n\r\n"
_HEAD_ENDS: Final = (_HEAD_END, b"\n\n", b"\n\r\n")
"""Some servers end lines with LF alone, which a client may take (RFC 9112 section 2.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpDownload(Download):
    """One request and its answer."""

    method: str
    path: str
    host: str
    """The field Host of the request, or the server's address."""
    status: int | None = None
    """None for a request without an answer."""
    content_type: str = ""
    location: str = ""
    """Where the answer says that the file is; empty where it does not."""
    left: bool = False
    """Whether the client has ended the connection before the whole content had come."""

    @property
    def url(self) -> str:
        """As a URL."""
        return f"http://{self.host}{self.path}"

    @property
    def told(self) -> str:
        """How it ended, in words."""
        kind = f", content type {self.content_type or 'none'}"
        match self.ending:
            case Ending.WHOLE:
                return f"{self.url} fetched whole, {len(self.content)} octets{kind}"
            case Ending.SIZE_ONLY:
                return f"{self.url} asked for its size{kind}"
            case Ending.ELSEWHERE:
                return f"{self.url} answered by status {self.status}: it is at {self.location}"
            case Ending.REFUSED:
                return f"{self.url} refused with status {self.status}"
            case Ending.NO_FILE:
                return f"{self.url} answered by status {self.status}, which brings no whole file"
            case Ending.SILENT:
                return f"{self.url} asked for, and not answered"
            case Ending.CUT:
                by = "ended by the machine" if self.left else "cut off"
                answered = f"{self.url} answered by status {self.status}{kind}"
                return f"{answered}, {by} after {len(self.content)} octets"


def http_downloads(mac: MacAddress, frames: Sequence[Frame]) -> tuple[HttpDownload, ...]:
    """Every GET and HEAD that a machine has sent, with the answers that came."""
    found = (each for connection in tcp_connections(mac, frames) for each in _exchanges(connection))
    return tuple(sorted(found, key=lambda each: each.at))


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came for one request."""

    status: int
    content_type: str
    location: str
    content: bytes
    is_whole: bool
    after: int
    """Where the next answer begins."""


def _exchanges(connection: TcpConnection) -> Iterator[HttpDownload]:
    """The requests of a connection, each with the next answer."""
    requests, position, answer_at = connection.sent.octets, 0, 0
    while requests[position:].startswith(_METHODS) and (end := requests.find(_HEAD_END, position)) >= 0:
        method, path, fields = _head(requests[position:end])
        asked = connection.sent.at(position)
        answer = _answer(connection, answer_at, method)
        ending = Ending.SILENT if answer is None else _ending(method, answer)
        if answer is not None:
            answer_at = answer.after
        yield HttpDownload(
            at=asked,
            server=connection.server,
            ending=ending,
            ended=asked if answer is None else connection.received.at(max(0, answer_at - 1)),
            content=b"" if answer is None else answer.content,
            server_mac=connection.server_mac,
            method=method,
            path=path,
            host=fields.get("host", str(connection.server)),
            status=None if answer is None else answer.status,
            content_type="" if answer is None else answer.content_type,
            location="" if answer is None else answer.location,
            left=ending is Ending.CUT and connection.sent.was_ended,
        )
        position = end + len(_HEAD_END)


def _head(octets: bytes) -> tuple[str, str, dict[str, str]]:
    """Method, path and fields of a request."""
    first, *lines = octets.decode("latin-1").split("\r\n")
    method, _, rest = first.partition(" ")
    pairs = (line.partition(":") for line in lines)
    return method, rest.partition(" ")[0], {name.lower(): value.strip() for name, _, value in pairs}


class _Captured(io.BytesIO):
    """What a server has sent, as http.client reads it from a socket; stays open at an answer's end."""

    def makefile(self, *_: object) -> _Captured:
        """Itself."""
        return self

    def close(self) -> None:
        """Nothing: the next answer begins where this one ends."""


def _answer(connection: TcpConnection, begin: int, method: str) -> _Answer | None:
    """The next answer of a connection, however much of it came; None where its head did not."""
    octets = connection.received.octets
    captured = _Captured(octets)
    captured.seek(begin)
    response = HTTPResponse(cast(socket, captured), method=method)
    try:
        response.begin()
    except (HTTPException, ConnectionError, ValueError):
        return None
    if not octets[: captured.tell()].endswith(_HEAD_ENDS):
        return None
    # Without either the content ends with the connection: only the server's FIN shows that it is whole.
    ends_by_itself = response.chunked or response.length is not None
    try:
        content = response.read()
        is_whole = ends_by_itself or connection.received.is_whole
    except IncompleteRead as error:
        content, is_whole = error.partial, False
    except HTTPException:  # The line of a chunk's size has no end: where content follows is not known.
        content, is_whole = b"", False
        captured.seek(0, io.SEEK_END)
    return _Answer(
        response.status,
        response.headers.get("Content-Type", ""),
        response.headers.get("Location", ""),
        content,
        is_whole,
        captured.tell(),
    )


def _ending(method: str, answer: _Answer) -> Ending:
    """Only status 200 is followed by the file; what others bring is a page about it, a part, or nothing."""
    if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST and answer.location:
        return Ending.ELSEWHERE
    if answer.status >= HTTPStatus.BAD_REQUEST:
        return Ending.REFUSED
    if answer.status != HTTPStatus.OK:
        return Ending.NO_FILE
    if method == "HEAD":
        return Ending.SIZE_ONLY
    return Ending.WHOLE if answer.is_whole else Ending.CUT
