"""A watch's file has the last packets, is never larger than its limit, and is read by the one reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from edgeboot.host.wire.capture.opening import Capture
from edgeboot.host.wire.capture.packet import CapturedPacket
from edgeboot.host.wire.capture.ring_file import SMALLEST, RingFile
from tests.unit.host.capture.files import AT, FRAME, opened

PACKETS: Final = tuple(
    CapturedPacket(number, AT + number + 0.25, FRAME, len(FRAME) + 40, (100, 5)) for number in range(1, 5001)
)


@pytest.fixture
def ring(tmp_path: Path) -> Iterator[RingFile]:
    """As small as can be."""
    with RingFile(tmp_path / "boot.pcapng", "virbr1", SMALLEST) as ring:
        yield ring


def read(*files: Path) -> tuple[list[CapturedPacket], Capture]:
    """The packets of files, one after the other, numbered as they were when they were written."""
    capture = opened(b"".join(file.read_bytes() for file in files))
    return [packet._replace(number=round(packet.at - AT), interface=0) for packet in capture], capture


def test_packets_come_back_as_they_were_written(ring: RingFile) -> None:
    """With their tags, their time and what was cut; before the file is closed, too."""
    ring.write(PACKETS[:5])
    packets, capture = read(ring.path)
    assert (packets, capture.damage) == (list(PACKETS[:5]), "")


def test_file_keeps_the_last_packets_within_its_limit(ring: RingFile) -> None:
    """At least the last of half of it."""
    for packet in PACKETS:
        ring.write([packet])
        assert sum(each.stat().st_size for each in ring.path.parent.iterdir()) <= SMALLEST
    kept, _ = read(ring.before, ring.path)
    assert kept == list(PACKETS[-len(kept) :])
    assert len(kept) * len(FRAME) > SMALLEST / 3


def test_dropped_packets_are_told_once(ring: RingFile) -> None:
    """Each file tells those of its own time."""
    ring.write(PACKETS[:1000], dropped=3)
    ring.write(PACKETS[1000:2500], dropped=7)
    ring.close()
    packets, capture = read(ring.before, ring.path)
    assert (packets[-1], capture.damage, capture.dropped) == (PACKETS[2499], "", 7)


def test_file_of_an_earlier_watch_becomes_the_one_before(ring: RingFile) -> None:
    """A service that is started again loses nothing."""
    ring.write(PACKETS[:3])
    ring.close()
    with RingFile(ring.path, "virbr1", SMALLEST) as later:
        later.write(PACKETS[3:5])
    assert read(ring.before, ring.path)[0] == list(PACKETS[:5])


@pytest.mark.parametrize("content", [b"of last week", b"#!/bin/sh\nexec edgeboot watch -i virbr1\n"])
@pytest.mark.parametrize("name", ["boot.pcapng", "boot.before.pcapng"])
def test_another_file_is_not_replaced(tmp_path: Path, name: str, content: bytes) -> None:
    """It may be somebody's evidence, or the script that starts the watch."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileExistsError, match="edgeboot watch has not written it"):
        RingFile(tmp_path / "boot.pcapng", "virbr1", SMALLEST)
    assert [each.name for each in tmp_path.iterdir()] == [name]


def test_file_before_another_one_does_not_stay_beside_a_new_one(ring: RingFile) -> None:
    """It would be taken for the packets before its own."""
    ring.write(PACKETS[:3])
    ring.close()
    ring.path.replace(ring.before)
    with RingFile(ring.path, "virbr1", SMALLEST):
        assert not ring.before.exists()


def test_ring_that_cannot_hold_a_packet_is_refused(tmp_path: Path) -> None:
    """Nothing is made for it."""
    with pytest.raises(ValueError, match="too small for any packet: 1048576 are needed"):
        RingFile(tmp_path / "boot.pcapng", "virbr1", 1000)
    assert list(tmp_path.iterdir()) == []
