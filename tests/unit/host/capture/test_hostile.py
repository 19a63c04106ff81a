"""Whatever octets are brought as a capture: one clear error or the packets before the damage, and bounded."""

from __future__ import annotations

import gzip
import struct
import tracemalloc
from collections.abc import Iterator
from io import BytesIO
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from edgeboot.base.errors import UsageError
from edgeboot.host.wire.capture.opening import Capture
from edgeboot.host.wire.capture.packet import CapturedPacket
from edgeboot.host.wire.capture.reader import LONGEST_PACKET
from tests.unit.host.capture.files import FRAME, block, enhanced, interface, opened, option, pcap, section

TAGGED: Final = FRAME[:12] + b"\x88\xa8\x00\x64\x81\x00\x00\x05" + FRAME[12:]
STATISTICS: Final = block(5, struct.pack("<I8x", 0) + option(5, struct.pack("<Q", 3)))
SIMPLE: Final = block(3, struct.pack("<I", len(FRAME)) + FRAME + bytes(-len(FRAME) % 4))
FILES: Final = {
    "pcap": pcap([FRAME, TAGGED, FRAME]),
    "cooked": pcap([bytes(14) + FRAME[12:]], link_type=113, order=">", nanoseconds=True),
    "pcapng": section()
    + interface(options=option(9, b"\x09"))
    + interface(101)
    + enhanced(TAGGED, options=option(4, struct.pack("<Q", 1)))
    + enhanced(FRAME[14:], number=1)
    + SIMPLE
    + STATISTICS,
}
LATEST: Final = 2**32 + 2**32 / 1e6
MOST_MEMORY: Final = 3 << 20


def read(octets: bytes) -> tuple[list[CapturedPacket], str]:
    """What is read of them, and what is said of the rest, in one line."""
    try:
        capture = opened(octets)
        return list(capture), capture.damage
    except UsageError as error:
        return [], str(error)


@pytest.mark.parametrize("octets", FILES.values(), ids=list(FILES))
@pytest.mark.parametrize("packed", [False, True])
def test_file_truncated_at_every_octet_is_read_up_to_there(octets: bytes, packed: bool) -> None:
    """And says so, unless it ends where a packet does."""
    whole, damage = read(octets)
    assert (len(whole), damage) == (whole[-1].number, "")
    silent = 0
    stored = gzip.compress(octets) if packed else octets
    for length in range(1, len(stored)):
        packets, said = read(stored[:length])
        assert packets == whole[: len(packets)]
        silent += not said
    assert silent < 10


@pytest.mark.parametrize("octets", FILES.values(), ids=list(FILES))
@given(data=st.data())
def test_changed_octets_harm_nobody(octets: bytes, data: st.DataObject) -> None:
    """Lengths, orders, numbers of interfaces, whatever they are changed to."""
    places = st.tuples(
        st.integers(4, len(octets) - 1), st.sampled_from(b"\x00\x01\x7f\x80\xff") | st.integers(0, 255)
    )
    changed = bytearray(octets)
    for at, value in data.draw(st.lists(places, max_size=8)):
        changed[at] = value
    packets, _ = read(bytes(changed))
    assert len(packets) < len(octets) / 12
    assert all(0.0 <= packet.at <= LATEST for packet in packets)
    assert all(len(packet.octets) <= min(LONGEST_PACKET, len(octets)) for packet in packets)


@given(
    st.sampled_from([octets[:24] for octets in FILES.values()] + [b"", b"\x1f\x8b"]), st.binary(max_size=400)
)
@example(b"", b"\x0a\x0d\x0d\x0a")
def test_any_octets_are_an_error_or_a_capture(beginning: bytes, rest: bytes) -> None:
    """Never a traceback."""
    packets, said = read(beginning + rest)
    assert packets or said or not rest


def endless(count: int) -> Iterator[bytes]:
    """A capture of so many packets, made as it is read."""
    yield pcap([])
    yield from (pcap([FRAME] * 1000)[24:] for _ in range(count // 1000))


class Made(BytesIO):
    """A file whose octets are made when they are read."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        super().__init__()
        self._parts = parts

    def read1(self, size: int | None = -1, /) -> bytes:
        """The next part."""
        assert size
        return next(self._parts, b"")


def peak(stream: BytesIO) -> tuple[int, int]:
    """How many packets a stream has, and the most memory that they took while they were read."""
    tracemalloc.start()
    try:
        count = sum(1 for _ in Capture("boot.pcap", stream))
        return count, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_long_capture_takes_no_more_memory_than_a_short_one() -> None:
    """A gigabyte is read like this."""
    count, memory = peak(Made(endless(30_000)))
    assert count == 30_000
    assert memory < MOST_MEMORY


def test_packed_capture_of_very_many_octets_takes_bounded_memory() -> None:
    """A thousandth of its size is what is sent."""
    bomb = gzip.compress(pcap([bytes(200_000)] * 200), compresslevel=9)
    count, memory = peak(BytesIO(bomb))
    assert (count, len(bomb) < 100_000) == (200, True)
    assert memory < MOST_MEMORY


def test_blocks_that_are_never_described_take_bounded_memory() -> None:
    """Interfaces by the thousand, in one section after the other."""
    count, memory = peak(BytesIO((section() + interface() * 4000) * 10 + enhanced()))
    assert count <= 1
    assert memory < MOST_MEMORY
