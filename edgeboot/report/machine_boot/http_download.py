"""Downloads by HTTP/1 as a capture shows them: requests, the heads of the answers, and the content."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.host.wire.frame import Frame
from edgeboot.report.machine_boot.tftp_download import Ending

_IPV4: Final = b"\x08\x00"
_TCP: Final = 6
_FIN: Final = 0x01
_SYN: Final = 0x02
_RST: Final = 0x04
_METHODS: Final = (b"GET ", b"HEAD ")
_HEAD_END: Final = b"\r\n\r\n"
_WRAP: Final = 1 << 32


@dataclass(frozen=True, slots=True)
class HttpDownload:
    """One request and its answer; times are in seconds since the epoch."""

    at: float
    server: IPv4Address
    method: str
    path: str
    host: str
    """The field Host of the request, or the server's address."""
    ending: Ending
    ended: float
    status: int | None = None
    """None for a request without an answer."""
    content_type: str = ""
    content: bytes = field(default=b"", repr=False)
    server_mac: MacAddress | None = None
    left: bool = False
    """Whether the client has ended the connection before the whole content had come."""

    @property
    def url(self) -> str:
        """As a URL."""
        return f"http://{self.host}{self.path}"

    @property
    def sha256(self) -> str:
        """Of the content, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def told(self) -> str:
        """How it ended, in words."""
        kind = f", content type {self.content_type or 'none'}"
        match self.ending:
            case Ending.WHOLE:
                return f"{self.url} fetched whole, {len(self.content)} octets{kind}"
            case Ending.SIZE_ONLY:
                return f"{self.url} asked for its size{kind}"
            case Ending.REFUSED:
                return f"{self.url} refused with status {self.status}"
            case Ending.SILENT:
                return f"{self.url} asked for, and not answered"
            case Ending.CUT:
                by = "ended by the machine" if self.left else "cut off"
                answered = f"{self.url} answered by status {self.status}{kind}"
                return f"{answered}, {by} after {len(self.content)} octets"


@dataclass(slots=True)
class _Stream:
    """One direction of a connection."""

    start: int | None = None
    """The number of its first octet: after the SYN, or of the first segment that was captured."""
    segments: dict[int, bytes] = field(default_factory=dict)
    times: dict[int, float] = field(default_factory=dict)
    is_closed: bool = False

    def take(self, at: float, sequence: int, flags: int, payload: bytes) -> None:
        """One more segment, in any order."""
        if flags & _SYN:
            self.start = (sequence + 1) % _WRAP
        self.is_closed |= bool(flags & (_FIN | _RST))
        if payload:
            self.start = sequence if self.start is None else self.start
            offset = (sequence - self.start) % _WRAP
            if len(payload) > len(self.segments.get(offset, b"")):
                self.segments[offset] = payload
                self.times.setdefault(offset, at)

    @property
    def octets(self) -> bytes:
        """As far as they came without a gap."""
        whole = bytearray()
        for offset in sorted(self.segments):
            if offset > len(whole):
                break
            whole[offset:] = self.segments[offset] if offset == len(whole) else _overlaid(whole, offset, self)
        return bytes(whole)

    def at(self, offset: int) -> float:
        """When the octet at an offset passed."""
        before = [start for start in self.segments if start <= offset]
        return self.times[max(before)] if before else 0.0


def _overlaid(whole: bytearray, offset: int, stream: _Stream) -> bytes:
    """What stands from the offset on, after a segment that was sent again in another length."""
    segment, old = stream.segments[offset], bytes(whole[offset:])
    return segment if len(segment) > len(old) else old


def http_downloads(mac: MacAddress, frames: Sequence[Frame]) -> tuple[HttpDownload, ...]:
    """Every GET and HEAD that a machine has sent, with the answers that came."""
    streams: dict[tuple[IPv4Address, int, int], tuple[_Stream, _Stream, list[MacAddress]]] = defaultdict(
        lambda: (_Stream(), _Stream(), [])
    )
    for frame in frames:
        segment = _segment(frame.untagged)
        if segment is None:
            continue
        source, destination, ports, sequence, flags, payload = segment
        if frame.octets[6:12] == mac.packed:
            streams[destination, ports[1], ports[0]][0].take(frame.at, sequence, flags, payload)
        elif frame.octets[:6] == mac.packed:
            connection = streams[source, ports[0], ports[1]]
            connection[1].take(frame.at, sequence, flags, payload)
            connection[2].append(MacAddress(frame.octets[6:12]))
    found = (
        each
        for (server, _, _), (asked, answered, macs) in streams.items()
        for each in _exchanges(server, asked, answered, next(iter(macs), None))
    )
    return tuple(sorted(found, key=lambda each: each.at))


def _segment(frame: Frame) -> tuple[IPv4Address, IPv4Address, tuple[int, int], int, int, bytes] | None:
    packet = frame.octets[14:]
    if frame.octets[12:14] != _IPV4 or len(packet) < 40 or packet[9] != _TCP:
        return None
    total, tcp = int.from_bytes(packet[2:4]), packet[4 * (packet[0] & 0xF) :]
    payload = tcp[4 * (tcp[12] >> 4) : total - 4 * (packet[0] & 0xF)]
    ports = (int.from_bytes(tcp[:2]), int.from_bytes(tcp[2:4]))
    addresses = (IPv4Address(packet[12:16]), IPv4Address(packet[16:20]))
    return (*addresses, ports, int.from_bytes(tcp[4:8]), tcp[13], payload)


def _exchanges(
    server: IPv4Address, asked: _Stream, answered: _Stream, mac: MacAddress | None
) -> Iterator[HttpDownload]:
    """The requests of a connection, each with the next answer."""
    requests, answers, position, answer_at = asked.octets, answered.octets, 0, 0
    while requests[position:].startswith(_METHODS) and (end := requests.find(_HEAD_END, position)) >= 0:
        method, path, fields = _head(requests[position:end])
        at = asked.at(position)
        status, kind, body, length, after = _answer(answers, answer_at, method)
        ended = answered.at(max(answer_at, after - 1)) if status is not None else at
        ending = _ending(method, status, len(body), length)
        host = fields.get("host", str(server))
        left = ending is Ending.CUT and asked.is_closed
        yield HttpDownload(at, server, method, path, host, ending, ended, status, kind, body, mac, left)
        position, answer_at = end + len(_HEAD_END), after


def _head(octets: bytes) -> tuple[str, str, dict[str, str]]:
    first, *lines = octets.decode("latin-1").split("\r\n")
    one, _, rest = first.partition(" ")
    pairs = (line.partition(":") for line in lines)
    return one, rest.partition(" ")[0], {name.lower(): value.strip() for name, _, value in pairs}


def _answer(answers: bytes, begin: int, method: str) -> tuple[int | None, str, bytes, int | None, int]:
    """Status, content type, content, its stated length, and where the next answer begins."""
    end = answers.find(_HEAD_END, begin)
    if not answers[begin:].startswith(b"HTTP/1.") or end < 0:
        return None, "", b"", None, begin
    _, status, fields = _head(answers[begin:end])
    body = end + len(_HEAD_END)
    stated = fields.get("content-length", "")
    length = int(stated) if stated.isdecimal() else None
    after = body if method == "HEAD" else body + length if length is not None else len(answers)
    content = b"" if method == "HEAD" else answers[body:after]
    number = int(status) if status.isdecimal() else None
    return number, fields.get("content-type", ""), content, length, after


def _ending(method: str, status: int | None, received: int, length: int | None) -> Ending:
    if status is None:
        return Ending.SILENT
    if status >= 400:
        return Ending.REFUSED
    if method == "HEAD":
        return Ending.SIZE_ONLY
    return Ending.WHOLE if length is None or received == length else Ending.CUT
