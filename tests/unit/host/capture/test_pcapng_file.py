"""Files of Wireshark are read over sections and interfaces; of a damaged one what is whole."""

from __future__ import annotations

import struct
from typing import Final

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.host.wire.capture.packet import CapturedPacket
from tests.unit.host.capture.files import (
    AT,
    FRAME,
    block,
    enhanced,
    interface,
    opened,
    option,
    packets,
    section,
)

BEGINNING: Final = section() + interface()
RESOLUTION: Final = 9
OFFSET: Final = 14


@pytest.mark.parametrize("order", ["<", ">"])
def test_packet_is_read_in_either_byte_order(order: str) -> None:
    """Each section says its own."""
    file = section(order) + interface(order=order) + enhanced(order=order)
    assert packets(file) == [CapturedPacket(1, AT, FRAME, len(FRAME))]


@pytest.mark.parametrize(
    "options,ticks",
    [
        (option(RESOLUTION, b"\x09"), AT * 10**9 + 10**9 // 4),
        (option(RESOLUTION, b"\x83"), AT * 8 + 2),
        (option(RESOLUTION, b"\x06") + option(OFFSET, struct.pack("<q", AT - 10)), 10 * 10**6 + 250_000),
    ],
)
def test_time_is_of_the_interface_s_resolution_and_offset(options: bytes, ticks: int) -> None:
    """Nanoseconds, a power of two, and seconds to add."""
    [packet] = packets(section() + interface(options=options) + enhanced(ticks=ticks))
    assert packet.at == pytest.approx(AT + 0.25, abs=1e-6)


@pytest.mark.parametrize("ticks", [2**64 - 1, 0])
def test_time_that_no_clock_says_is_zero(ticks: int) -> None:
    """No later code meets a year that a date cannot have."""
    [packet] = packets(section() + interface(options=option(RESOLUTION, b"\0")) + enhanced(ticks=ticks))
    assert packet.at == 0.0


def test_interfaces_are_numbered_over_all_sections() -> None:
    """A file of two that were joined has two interfaces 0."""
    file = BEGINNING + interface() + enhanced(number=1) + BEGINNING + enhanced()
    assert [packet.interface for packet in packets(file)] == [1, 2]


def test_simple_packet_has_the_time_of_the_one_before() -> None:
    """It has none of its own, and its length is that of the wire."""
    simple = block(3, struct.pack("<I", len(FRAME)) + FRAME[:96])
    capture = opened(section() + interface(snap_length=96) + enhanced(FRAME[:96]) + simple)
    _, packet = capture
    assert packet == CapturedPacket(2, AT, FRAME[:96], len(FRAME))
    assert capture.notes == ("packets without a time, which stand at that of the one before: 1",)


def test_obsolete_packet_block_is_read() -> None:
    """Files before 2009 have it."""
    fields = struct.pack("<HHIIII", 0, 3, AT * 10**6 >> 32, AT * 10**6 & 0xFFFFFFFF, 40, len(FRAME))
    capture = opened(BEGINNING + block(2, fields + FRAME[:40]))
    assert list(capture) == [CapturedPacket(1, AT, FRAME[:40], len(FRAME))]
    assert capture.dropped == 3


def test_blocks_of_other_kinds_are_passed_over() -> None:
    """Names, secrets, and whatever a program adds."""
    others = block(4, bytes(8)) + block(0xBAD, b"own!" * 5) + block(0x40000BAD, b"")
    assert [packet.octets for packet in packets(BEGINNING + others + enhanced() + others)] == [FRAME]


def test_dropped_packets_are_those_of_the_last_statistics_of_each_interface() -> None:
    """They count from the capture's beginning, over again in each section."""

    def statistics(dropped: int, number: int = 0) -> bytes:
        return block(5, struct.pack("<I8x", number) + option(5, struct.pack("<Q", dropped)))

    first = BEGINNING + interface() + statistics(2) + statistics(5) + statistics(1, 1)
    capture = opened(first + BEGINNING + statistics(10))
    assert (list(capture), capture.dropped) == ([], 16)


def test_packets_say_how_many_were_lost_before_them() -> None:
    """By an option, where a file has no statistics."""
    capture = opened(BEGINNING + enhanced(options=option(4, struct.pack("<Q", 7)) + option(0, b"")))
    assert (len(list(capture)), capture.dropped) == (1, 7)
    assert capture.notes == ("packets lost while it was captured, by what it says itself: 7",)


def test_interface_that_cannot_be_read_is_counted_beside_one_that_can() -> None:
    """A capture of all interfaces has one of Wi-Fi; packets keep Wireshark's numbers."""
    capture = opened(BEGINNING + interface(127) + enhanced(number=1) + enhanced())
    assert [packet.number for packet in capture] == [2]
    assert capture.notes == (
        "packets that are no Ethernet frames (IEEE 802.11 (Wi-Fi) with radiotap's header, link type 127): 1",
    )


def test_file_of_nothing_that_can_be_read_is_refused() -> None:
    """It is not one in which nothing happened."""
    with pytest.raises(
        UsageError, match=r"holds no Ethernet frames \(USB, link type 220\); capture Ethernet"
    ):
        list(opened(section() + interface(220) + enhanced()))


@pytest.mark.parametrize(
    "rest,words",
    [
        (enhanced()[:-1], "it ends within the block that begins at octet 48"),
        (enhanced()[:11], "it ends within the header of a block, at octet 48"),
        (enhanced()[:-4] + bytes(4), "the block at octet 48 gives two lengths"),
        (struct.pack("<II", 6, 11) + FRAME, "the block at octet 48 would have 11 octets"),
        (block(6, bytes(16)), "the block at octet 48 is shorter than its type is"),
        (block(6, struct.pack("<IIIII", 0, 0, 0, 400, 400) + FRAME), "holds a packet of 400 octets"),
        (enhanced(number=3), "the block at octet 48 is of interface 3, which the file has not described"),
        (block(0x0A0D0D0A, bytes(16)), "the block at octet 48 begins a section without its byte order"),
        (interface() * 4096, "the block at octet 81948 describes one interface more than 4096"),
    ],
)
def test_damaged_file_is_read_up_to_there(rest: bytes, words: str) -> None:
    """The place is named, for who looks at it by an editor of octets."""
    capture = opened(BEGINNING + rest)
    assert list(capture) == []
    assert capture.damage.startswith("boot.pcap was read only in part: ")
    assert words in capture.damage
