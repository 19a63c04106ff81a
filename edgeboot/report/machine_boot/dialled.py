"""TCP connections that a machine has tried to open, as a capture shows them, and how TLS began in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from edgeboot.base.mac import MacAddress
from edgeboot.host.wire.frame import Frame
from edgeboot.host.wire.tls import alert_name, tls_record
from edgeboot.report.machine_boot.tcp_connection import ACK, RST, SYN, segment_in


@dataclass(slots=True)
class Dialled:
    """One connection of the machine, by the packets that tell how it began."""

    server: IPv4Address
    port: int
    syns: list[Frame] = field(default_factory=list)
    opened: Frame | None = None
    """The server's SYN with ACK."""
    refused: Frame | None = None
    """The server's RST."""
    hello: Frame | None = None
    """The machine's first record of TLS."""
    answer: Frame | None = None
    """The server's first one."""
    alert: Frame | None = None
    alert_code: int = 0
    own_alert: bool = False
    """Whether the machine has sent the alert: it refuses the server."""

    @property
    def speaks_tls(self) -> bool:
        """Whether both have begun it, and nobody has refused the other by an alert."""
        return self.hello is not None and self.answer is not None and not self.alert_code

    @property
    def alert_name(self) -> str:
        """Of its alert, as RFC 8446 has it."""
        return alert_name(self.alert_code)


def dialled(mac: MacAddress, frames: Iterable[Frame]) -> tuple[Dialled, ...]:
    """Every connection that the machine has begun, in the order of their beginning."""
    found: dict[bytes, Dialled] = {}
    for frame in frames:
        read = segment_in(frame)
        if read is None:
            continue
        header, segment = read
        octets = frame.untagged.octets
        ends, ports = octets[26:34], octets[header : header + 4]
        own = octets[6:12] == mac.packed
        key = ends + ports if own else ends[4:] + ends[:4] + ports[2:] + ports[:2]
        flags = segment[3]
        if own and flags & SYN and not flags & ACK:
            begun = found.setdefault(key, Dialled(IPv4Address(ends[4:]), int.from_bytes(ports[2:])))
            begun.syns.append(frame)
        elif key in found:
            _take(found[key], frame, flags, segment[4], own=own)
    return tuple(found.values())


def _take(of: Dialled, frame: Frame, flags: int, payload: bytes, *, own: bool) -> None:
    if not own and flags & SYN:
        of.opened = of.opened or frame
    if not own and flags & RST:
        of.refused = of.refused or frame
    record = tls_record(payload)
    if record is None:
        return
    if record.alert and of.alert is None:
        of.alert, of.alert_code, of.own_alert = frame, record.alert, own
    if own:
        of.hello = of.hello or (frame if record.is_handshake else None)
    else:
        of.answer = of.answer or frame
