"""Downloads by HTTP/1 as a capture shows them: each request of a connection, with the next answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from edgeboot.report.machine_boot.download import Download, Ending
from edgeboot.report.machine_boot.http_answer import MOST, Answer, Reading
from edgeboot.report.machine_boot.tcp_connection import TcpConnection

_METHODS: Final = (b"GET ", b"HEAD ")
_SHORTEST: Final = 4
_HEAD_END: Final = b"\r\n\r\n"


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
            case Ending.UNSEEN:
                return f"{self.url} asked for, and answered where this capture does not see it"
            case Ending.CUT:
                by = "ended by the machine" if self.left else "cut off"
                answered = f"{self.url} answered by status {self.status}{kind}"
                return f"{answered}, {by} after {len(self.content)} octets"


@dataclass(slots=True)
class _Exchange:
    at: float
    method: str
    path: str
    host: str
    answer: Answer


@dataclass(slots=True)
class HttpExchanges:
    """The requests of a connection, each with the next answer, as they come."""

    exchanges: list[_Exchange] = field(default_factory=list)
    is_over: bool = False
    """Whether the machine has sent what is no request: another protocol, or a request that is cut."""
    _request: bytes = b""
    _asked: float = 0.0
    _answered: int = 0
    _early: bytes = b""
    """Answers whose requests have not been read yet: a capture may have them in the other order."""

    def sent(self, at: float, octets: bytes, lacking: int) -> None:
        """What the machine sends next."""
        if self.is_over:
            return
        if not self._request:
            self._asked = at
        self._request += octets
        while self._request.startswith(_METHODS) and (end := self._request.find(_HEAD_END)) >= 0:
            method, path, fields = _head(self._request[:end])
            host = fields.get("host", "")
            self.exchanges.append(_Exchange(self._asked, method, path, host, Answer(method)))
            self._request, self._asked = self._request[end + len(_HEAD_END) :], at
        too_long = len(self._request) > MOST
        other = len(self._request) >= _SHORTEST and not self._request.startswith(_METHODS)
        other = other and not any(method.startswith(self._request) for method in _METHODS)
        self.is_over = bool(lacking) or too_long or other
        if self.is_over:
            self._request = b""
        if self._early:
            early, self._early = self._early, b""
            self.received(at, early, 0)

    def received(self, at: float, octets: bytes, lacking: int) -> None:
        """What the server sends next."""
        while (octets or lacking) and self._answered < len(self.exchanges):
            answer = self.exchanges[self._answered].answer
            octets = answer.take(at, octets, lacking)
            lacking = 0
            if answer.reading is not Reading.DONE:
                return
            self._answered += 1
        if not self.is_over and len(self._early) < MOST:
            self._early += octets

    def downloads(self, connection: TcpConnection) -> Iterator[HttpDownload]:
        """What has become of each request."""
        connection.received.settle()
        for each in self.exchanges:
            answer = each.answer
            if answer.was_not_captured and answer.status is None:
                continue
            ending = _ending(each.method, answer, is_whole=_is_whole(answer, connection))
            if ending is Ending.SILENT and connection.server_mac is None:
                ending = Ending.UNSEEN  # It was asked in a connection, which two make.
            yield HttpDownload(
                at=each.at,
                server=connection.server,
                ending=ending,
                ended=each.at if answer.status is None else answer.ended,
                content=answer.came.content,
                server_mac=connection.server_mac,
                method=each.method,
                path=each.path,
                host=each.host or str(connection.server),
                status=answer.status,
                content_type=answer.content_type,
                location=answer.location,
                left=ending is Ending.CUT and connection.sent.was_ended,
            )


def _is_whole(answer: Answer, connection: TcpConnection) -> bool:
    if answer.reading is Reading.UNTIL_THE_END:
        return connection.received.is_whole
    return answer.reading is Reading.DONE


def _head(octets: bytes) -> tuple[str, str, dict[str, str]]:
    """Method, path and fields of a request."""
    first, *lines = octets.decode("latin-1").split("\r\n")
    method, _, rest = first.partition(" ")
    pairs = (line.partition(":") for line in lines)
    return method, rest.partition(" ")[0], {name.lower(): value.strip() for name, _, value in pairs}


def _ending(method: str, answer: Answer, *, is_whole: bool) -> Ending:
    """Only status 200 is followed by the file; what others bring is a page about it, a part, or nothing."""
    if answer.status is None:
        return Ending.SILENT
    if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST and answer.location:
        return Ending.ELSEWHERE
    if answer.status >= HTTPStatus.BAD_REQUEST:
        return Ending.REFUSED
    if answer.status != HTTPStatus.OK:
        return Ending.NO_FILE
    if method == "HEAD":
        return Ending.SIZE_ONLY
    return Ending.WHOLE if is_whole else Ending.CUT
