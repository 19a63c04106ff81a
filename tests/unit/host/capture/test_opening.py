"""A capture is known by its first octets, from a file or a pipe, packed or not; others are refused."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from threading import Thread
from typing import Final

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.host.wire.capture.opening import open_capture
from edgeboot.host.wire.frame import Frame
from edgeboot.host.wire.pcap import read_pcap
from tests.unit.host.capture.files import (
    AT,
    FRAME,
    enhanced,
    interface,
    opened,
    packets,
    pcap,
    record,
    section,
)

CAPTURES: Final = {"pcap": pcap(), "pcapng": section() + interface() + enhanced(ticks=AT * 10**6 + 500_000)}


@pytest.mark.parametrize("octets", CAPTURES.values(), ids=list(CAPTURES))
def test_packed_capture_is_unpacked(octets: bytes) -> None:
    """By its first octets, whatever the file's name is; gzip joins members, and pads them."""
    assert packets(gzip.compress(octets)) == packets(octets)
    assert packets(gzip.compress(octets[:50]) + gzip.compress(octets[50:]) + bytes(512)) == packets(octets)


@pytest.mark.parametrize("octets", CAPTURES.values(), ids=list(CAPTURES))
def test_file_is_opened_by_its_path(tmp_path: Path, octets: bytes) -> None:
    """And closed again."""
    file = tmp_path / "boot"
    file.write_bytes(octets)
    assert list(read_pcap(file)) == [Frame(FRAME, AT + 0.5, number=1)]


def test_packet_comes_out_of_a_pipe_before_the_next_is_in_it() -> None:
    """As of a tcpdump that still runs."""
    read, write = os.pipe()
    with os.fdopen(write, "wb", buffering=0) as into:
        into.write(pcap())
        with open_capture(os.fdopen(read, "rb")) as capture:
            arriving = iter(capture)
            assert next(arriving).number == 1
            into.write(record(FRAME))
            assert next(arriving).number == 2


def test_capture_of_a_pipe_is_read_octet_by_octet() -> None:
    """Whatever the sizes are in which a pipe hands it over."""
    read, write = os.pipe()

    def trickle() -> None:
        with os.fdopen(write, "wb", buffering=0) as into:
            for octet in gzip.compress(pcap([FRAME] * 3)):
                into.write(bytes([octet]))

    sender = Thread(target=trickle)
    sender.start()
    with open_capture(os.fdopen(read, "rb")) as capture:
        assert [packet.octets for packet in capture] == [FRAME] * 3
    sender.join()


@pytest.mark.parametrize("kept", [-1, 60])
def test_packed_capture_that_was_cut_is_read_up_to_there(kept: int) -> None:
    """As one that is not packed."""
    capture = opened(gzip.compress(pcap([FRAME, os.urandom(4000)]))[:kept])
    assert len(list(capture)) <= 2
    assert capture.damage == "boot.pcap was read only in part: the gzip stream ends before its end"


OTHERS: Final = {
    "empty": (b"", "boot.pcap: is empty; name a capture that tcpdump -w or Wireshark has written"),
    "text": (
        b"no capture",
        "is no capture file: it begins with the octets 6e 6f 20 63; name one that tcpdump -w",
    ),
    "zstd": (b"\x28\xb5\x2f\xfd1234", "is packed with zstd; unpack it: zstd -d FILE"),
    "snoop": (b"snoop\0\0\0", "is a capture file of snoop; convert it: editcap -F pcapng OLD NEW"),
    "packed text": (gzip.compress(b"no capture"), "is no capture file"),
    "cut gzip": (
        gzip.compress(pcap())[:12],
        "cannot be unpacked: the gzip stream ends before its end; copy it",
    ),
    "damaged gzip": (b"\x1f\x8b\xff\xff\xff\xff", "cannot be unpacked: the gzip stream is damaged"),
}


@pytest.mark.parametrize("octets,words", OTHERS.values(), ids=list(OTHERS))
def test_what_is_no_capture_is_refused_with_its_mend(octets: bytes, words: str) -> None:
    """In one line that names the file."""
    with pytest.raises(UsageError, match=words):
        opened(octets)


def test_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    """One that is not there, or a directory."""
    with pytest.raises(UsageError, match=r"boot\.pcap: No such file or directory; name a capture"):
        open_capture(tmp_path / "boot.pcap")
    with pytest.raises(UsageError, match="Is a directory"):
        open_capture(tmp_path)
