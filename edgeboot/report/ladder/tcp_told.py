"""A TCP segment as a chart tells it: HTTP requests and answers, TLS, how a connection begins and ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.firmware.names import printable
from edgeboot.host.wire.frame import Frame
from edgeboot.host.wire.tls import tls_record
from edgeboot.report.ladder.chart import Kind, Row
from edgeboot.report.machine_boot.tcp_connection import ACK, FIN, RST, SYN, segment_in

_METHODS: Final = (b"GET ", b"HEAD ", b"POST ", b"PUT ")
_ANSWER: Final = b"HTTP/1."
_REFUSED: Final = "4"
"""What a status of an error begins with, or a later digit."""
_FIELDS: Final = 24
"""Of a head that are shown."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Whose segment it is, and what it has in common with those that are drawn as one."""

    address: str
    answers: bool = False
    """Whether it shows its sender to be a boot server."""
    run: tuple[str, ...] | None = None


Told = tuple[str, Kind, tuple[Row, ...], Ends]
"""Label, kind, what is decoded, and its ends."""


def tcp_told(frame: Frame) -> Told | None:
    """An untagged frame's segment; None where it has none, or only a part of its header."""
    read = segment_in(frame)
    if read is None:
        return None
    header, (_, sequence, _, flags, payload, _) = read
    octets = frame.octets
    ports = tuple(int.from_bytes(octets[at : at + 2]) for at in (header, header + 2))
    addresses = tuple(IPv4Address(octets[at : at + 4]) for at in (26, 30))
    source, target = (f"{address}:{port}" for address, port in zip(addresses, ports, strict=True))
    macs = (MacAddress(octets[6:12]), MacAddress(octets[:6]))
    rows = (Row("from", f"{source} ({macs[0]})"), Row("to", f"{target} ({macs[1]})"))
    address = str(addresses[0])
    label, kind = _label(flags, payload, source, target)
    if flags & RST and not sequence:  # One that answers a SYN; another ends a connection that there was.
        kind = Kind.REFUSAL
    is_answer = payload.startswith(_ANSWER) or flags & (SYN | ACK) == SYN | ACK
    if label:
        return label, kind, (*rows, *_head(payload)), Ends(address, answers=is_answer)
    size = f"{len(payload)} octets" if payload else "ACK"
    run = ("tcp", *sorted((source, target)))
    return f"TCP {ports[0]} to {ports[1]}, {size}", Kind.TCP, rows, Ends(address, run=run)


def _label(flags: int, payload: bytes, source: str, target: str) -> tuple[str, Kind]:
    """Empty for what is only more of the same."""
    if flags & RST:
        return f"TCP RST to {target}", Kind.TCP
    if flags & SYN:
        return (f"TCP SYN, ACK from {source}" if flags & ACK else f"TCP SYN to {target}"), Kind.TCP
    first = printable(payload.partition(b"\r\n")[0])
    if payload.startswith(_METHODS):
        return f"HTTP {first.rpartition(' ')[0] or first}", Kind.TCP
    if payload.startswith(_ANSWER):
        status = first.partition(" ")[2]
        return f"HTTP {status}", Kind.REFUSAL if status[:1] >= _REFUSED else Kind.TCP
    record = tls_record(payload)
    if record is not None and (record.is_handshake or record.alert):
        return f"TLS {record.name}", Kind.REFUSAL if record.alert else Kind.TCP
    return (f"TCP FIN to {target}", Kind.TCP) if flags & FIN else ("", Kind.TCP)


def _head(payload: bytes) -> Iterator[Row]:
    """The fields of an HTTP request or answer."""
    if not payload.startswith((*_METHODS, _ANSWER)):
        return
    for line in payload.partition(b"\r\n\r\n")[0].split(b"\r\n")[1 : _FIELDS + 1]:
        name, _, value = printable(line).partition(":")
        yield Row(name, value.strip())
