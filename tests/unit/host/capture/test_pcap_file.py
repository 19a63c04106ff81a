"""Classic capture files are read in both byte orders and resolutions; of a damaged one what is whole."""

from __future__ import annotations

import struct

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.host.wire.capture.packet import CapturedPacket
from tests.unit.host.capture.files import AT, FRAME, opened, packets, pcap, record


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("nanoseconds", [False, True])
def test_packets_have_their_time_in_every_variant(order: str, nanoseconds: bool) -> None:
    """Little-endian or big-endian, with microseconds or nanoseconds."""
    file = pcap([FRAME, FRAME], order=order, nanoseconds=nanoseconds)
    expected = [
        CapturedPacket(1, AT + 0.5, FRAME, len(FRAME)),
        CapturedPacket(2, AT + 1.5, FRAME, len(FRAME)),
    ]
    assert packets(file) == expected


def test_packet_that_the_snap_length_cut_says_so() -> None:
    """What lacks may be what a client would have read."""
    [packet] = packets(pcap([]) + record(FRAME[:96], wire_length=len(FRAME)))
    assert (packet.octets, packet.wire_length, packet.cut) == (FRAME[:96], len(FRAME), True)


@pytest.mark.parametrize(
    "kept,words",
    [
        (-1, "boot.pcap was read only in part: it ends within packet 2, which begins at octet 332"),
        (
            24 + 308 + 15,
            "boot.pcap was read only in part: it ends within the header of packet 2, at octet 332",
        ),
    ],
)
def test_file_that_was_cut_is_read_up_to_there(kept: int, words: str) -> None:
    """A capture is often copied while it is written."""
    capture = opened(pcap([FRAME, FRAME])[:kept])
    assert [packet.octets for packet in capture] == [FRAME]
    assert capture.damage == words


def test_length_that_no_packet_has_ends_the_reading() -> None:
    """After it nothing is where it should be."""
    capture = opened(pcap() + struct.pack("<IIII", AT, 0, 3_000_000_000, 60) + FRAME * 3)
    assert [packet.octets for packet in capture] == [FRAME]
    assert "packet 2 at octet 332 would have 3000000000 octets" in capture.damage


@pytest.mark.parametrize(
    "file,words",
    [
        (pcap()[:20], "boot.pcap: ends within the header of a capture file; capture again"),
        (pcap()[:4] + b"\x03" + pcap()[5:], "is a capture file of version 3.4, not 2.4; .* editcap"),
        (
            pcap(link_type=105),
            r"holds no Ethernet frames \(IEEE 802.11 \(Wi-Fi\), link type 105\); .* bridge",
        ),
        (pcap(link_type=4711), r"holds no Ethernet frames \(link type 4711\)"),
    ],
)
def test_file_that_cannot_be_read_is_named_with_its_mend(file: bytes, words: str) -> None:
    """Before a packet of it is read."""
    with pytest.raises(UsageError, match=words):
        opened(file)
