"""HTTP and TLS in a ladder chart."""

from __future__ import annotations

from typing import Final

import pytest

from edgeboot.host.wire.frame import Frame
from edgeboot.report.ladder.chart import Kind
from edgeboot.report.ladder.drawn import ladder
from tests.unit.report.machine_boot.frames import tcp

ASKED: Final = b"GET /a.efi HTTP/1.1\r\nHost: boot.example\r\n\r\n"
SERVED: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n"
HELLO: Final = bytes.fromhex("160303002d01") + bytes(44)
ALERT: Final = bytes.fromhex("15030300020228")


@pytest.mark.parametrize(
    "frame, label, kind",
    [
        (tcp(0.0, b"", 99, flags=0x02), "TCP SYN to 192.168.99.40:80", Kind.TCP),
        (tcp(0.0, b"", 99, flags=0x12, answer=True), "TCP SYN, ACK from 192.168.99.40:80", Kind.TCP),
        (tcp(0.0, b"", 0, flags=0x14, answer=True), "TCP RST to 192.168.99.100:2000", Kind.REFUSAL),
        (tcp(0.0, b"", 99, flags=0x04), "TCP RST to 192.168.99.40:80", Kind.TCP),
        (tcp(0.0, b"", 99, flags=0x11), "TCP FIN to 192.168.99.40:80", Kind.TCP),
        (tcp(0.0, ASKED, 100), "HTTP GET /a.efi", Kind.TCP),
        (tcp(0.0, SERVED, 500, answer=True), "HTTP 200 OK", Kind.TCP),
        (tcp(0.0, b"HTTP/1.0 404 gone\r\n\r\n", 500, answer=True), "HTTP 404 gone", Kind.REFUSAL),
        (tcp(0.0, HELLO, 100), "TLS ClientHello", Kind.TCP),
        (tcp(0.0, ALERT, 100), "TLS alert handshake_failure", Kind.REFUSAL),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_segment_is_told_by_what_it_brings(frame: Frame, label: str, kind: Kind) -> None:
    """A reset that answers a SYN refuses; another ends a connection."""
    [arrow] = ladder([frame]).arrows
    assert (arrow.label, arrow.kind) == (label, kind)


def test_segments_of_a_file_are_one_arrow() -> None:
    """With the acknowledgements between them."""
    blocks = [tcp(0.2 + at / 100, bytes(1000), 600 + 1000 * at, answer=True) for at in range(3)]
    answers = [tcp(0.205 + at / 100, b"", 200, flags=0x10) for at in range(3)]
    chart = ladder([tcp(0.0, ASKED, 100), tcp(0.1, SERVED, 500, answer=True), *blocks, *answers])
    assert [each.label for each in chart.arrows][2:] == [
        "TCP 80 to 2000, 1000 octets … TCP 2000 to 80, ACK (6 frames)"
    ]


def test_fields_of_a_request_are_its_rows() -> None:
    """As of a DHCP message."""
    [arrow] = ladder([tcp(0.0, ASKED, 100)]).arrows
    assert [(row.name, row.value) for row in arrow.rows][2:] == [("Host", "boot.example")]
