"""One file being read: whatever is lost, doubled or out of order, the content is the server's."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeboot.node.boot.tftp_packets import (
    Acknowledgement,
    Data,
    ErrorCode,
    OptionAcknowledgement,
    Options,
    Packet,
)
from edgeboot.node.boot.tftp_reader import Reading, Violation

P = TypeVar("P", bound=Packet)

ASKED: Final = Options(blksize=1468, windowsize=4, tsize=0)
CONTENT: Final = st.binary(max_size=400)
COPIES: Final = st.lists(st.sampled_from([0, 1, 2]), max_size=60)
"""Of each packet in turn that arrive; after them, one of each."""


class Sender:
    """A server by RFC 1350 and 7440: it sends a window, and the next once that was acknowledged."""

    def __init__(self, content: bytes, granted: Options) -> None:
        size = granted.blksize or 512
        self.blocks = [content[at : at + size] for at in range(0, len(content) + 1, size)]
        self.window = granted.windowsize or 1
        self.acknowledged = 0

    def send(self) -> list[Data]:
        """The window after what was acknowledged."""
        numbers = range(self.acknowledged, min(self.acknowledged + self.window, len(self.blocks)))
        return [Data((number + 1) % 2**16, self.blocks[number]) for number in numbers]

    def hear(self, answer: Acknowledgement) -> None:
        """Go on after the block that was acknowledged."""
        ahead = (answer.block - self.acknowledged) % 2**16
        self.acknowledged += ahead if ahead <= self.window else 0


def arriving(packets: Iterable[P], copies: Iterator[int]) -> list[P]:
    """What the wire makes of them."""
    return [packet for packet in packets for _ in range(next(copies, 1))]


def read(
    content: bytes, granted: Options, copies: Iterable[int] = (), shuffle: random.Random | None = None
) -> Reading:
    """A whole transfer over such a wire."""
    sender, reading, fates = Sender(content, granted), Reading(granted), iter(copies)
    if granted.mentioned:
        reading.take(OptionAcknowledgement(granted))
    while not reading.done:
        packets = arriving(sender.send(), fates)
        if shuffle is not None:
            shuffle.shuffle(packets)
        answers = [answer for packet in packets if (answer := reading.take(packet)) is not None]
        for answer in arriving(answers or [reading.acknowledge_again()], fates):
            sender.hear(answer)
    return reading


@given(CONTENT, st.integers(8, 64), st.integers(1, 6), COPIES, st.randoms(use_true_random=False))
def test_content_is_the_server_s_whatever_the_wire_does(
    content: bytes, blksize: int, windowsize: int, copies: list[int], shuffle: random.Random
) -> None:
    """Packets both ways are lost and doubled, and those of a window overtake each other."""
    granted = Options(blksize=blksize, windowsize=windowsize)
    reading = read(content, granted, copies, shuffle)
    assert (reading.content, reading.blocks) == (content, len(content) // blksize + 1)


@pytest.mark.parametrize("windowsize", [1, 16])
def test_block_numbers_go_on_after_65535(windowsize: int) -> None:
    """A file of more than 32 MB in blocks of 512: the number after 65535 is 0."""
    content = bytes(range(251)) * 2100
    assert read(content, Options(blksize=8, windowsize=windowsize)).content == content


@pytest.mark.covers("RFC7440-windowsize")
def test_window_is_acknowledged_by_its_last_block() -> None:
    """And the file's last block at once."""
    reading = Reading(ASKED)
    assert reading.take(OptionAcknowledgement(Options(blksize=8, windowsize=3))) == Acknowledgement(0)
    full = [reading.take(Data(number, bytes(8))) for number in range(1, 5)]
    assert full == [None, None, Acknowledgement(3), None]
    assert (reading.take(Data(5, b"")), reading.done) == (Acknowledgement(5), True)


@pytest.mark.covers("RFC7440-windowsize")
def test_gap_is_acknowledged_once_up_to_where_the_file_is_whole() -> None:
    """Block 2 is lost: the server is told once, not by every block after it."""
    reading = Reading(ASKED)
    reading.take(OptionAcknowledgement(Options(blksize=8, windowsize=4)))
    answers = [reading.take(Data(number, bytes(8))) for number in (1, 3, 4)]
    assert answers == [None, Acknowledgement(1), None]


def test_block_that_comes_again_is_acknowledged_again() -> None:
    """The acknowledgement was lost; the content is taken once."""
    reading = Reading(Options())
    answers = [reading.take(Data(1, bytes(512))), reading.take(Data(1, bytes(512)))]
    assert (answers, len(reading.content)) == ([Acknowledgement(1)] * 2, 512)


def test_blocks_to_come_are_known_from_the_size() -> None:
    """And unknown without it."""
    reading = Reading(ASKED)
    before = reading.expected_blocks
    reading.take(OptionAcknowledgement(Options(blksize=1468, tsize=850528)))
    assert (before, reading.expected_blocks) == (None, 580)


@pytest.mark.covers("RFC2347-error-8")
@pytest.mark.parametrize(
    "granted,says",
    [
        (Options(timeout=1), "grants timeout 1, which was not asked for"),
        (Options(blksize=1469), "grants blksize 1469 where 1468 was asked for"),
        (Options(windowsize=5), "grants windowsize 5 where 4 was asked for"),
    ],
    ids=str,
)
def test_option_that_was_not_asked_for_ends_the_transfer(granted: Options, says: str) -> None:
    """With error 8: the two would not agree on what a block is (RFC 2347)."""
    with pytest.raises(Violation, match=says) as violation:
        Reading(ASKED).take(OptionAcknowledgement(granted))
    assert violation.value.answer.code == ErrorCode.OPTION_NEGOTIATION_FAILED


@pytest.mark.parametrize(
    "packet,says",
    [
        (Data(1, bytes(513)), "block 1 has 513 octets where 512 were agreed"),
        (Acknowledgement(0), "Acknowledgement in answer to a read request"),
    ],
    ids=["too long", "no data"],
)
def test_packet_a_server_must_not_send_ends_the_transfer(packet: Packet, says: str) -> None:
    """With error 4, and in words."""
    with pytest.raises(Violation, match=says) as violation:
        Reading(Options()).take(packet)
    assert violation.value.answer.code == ErrorCode.ILLEGAL_OPERATION
