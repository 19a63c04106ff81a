"""The TFTP reader: the content is complete despite loss, duplication and reordering."""

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
    Packet,
    TftpOptions,
)
from edgeboot.node.boot.tftp_reader import ProtocolViolation, TftpReader

P = TypeVar("P", bound=Packet)

REQUESTED: Final = TftpOptions(blksize=1468, windowsize=4, tsize=0)
CONTENT: Final = st.binary(max_size=400)
COPIES: Final = st.lists(st.sampled_from([0, 1, 2]), max_size=60)
"""How many copies of each packet arrive, in order of sending; one of each later packet."""


class Sender:
    """A server by RFC 1350 and RFC 7440: sends a window, and the next after its acknowledgement."""

    def __init__(self, content: bytes, granted: TftpOptions) -> None:
        size = granted.blksize or 512
        self.blocks = [content[start : start + size] for start in range(0, len(content) + 1, size)]
        self.window = granted.windowsize or 1
        self.acknowledged = 0

    def send(self) -> list[Data]:
        """The window behind the last acknowledged block."""
        numbers = range(self.acknowledged, min(self.acknowledged + self.window, len(self.blocks)))
        return [Data((number + 1) % 2**16, self.blocks[number]) for number in numbers]

    def receive(self, answer: Acknowledgement) -> None:
        """Continue behind the acknowledged block."""
        ahead = (answer.block - self.acknowledged) % 2**16
        self.acknowledged += ahead if ahead <= self.window else 0


def arriving(packets: Iterable[P], copies: Iterator[int]) -> list[P]:
    """The packets that arrive: each is lost, delivered or duplicated."""
    return [packet for packet in packets for _ in range(next(copies, 1))]


def read(
    content: bytes, granted: TftpOptions, copies: Iterable[int] = (), shuffle: random.Random | None = None
) -> TftpReader:
    """A complete transfer over an unreliable link."""
    sender, reader, copies_left = Sender(content, granted), TftpReader(granted), iter(copies)
    if granted.present:
        reader.handle(OptionAcknowledgement(granted))
    while not reader.done:
        packets = arriving(sender.send(), copies_left)
        if shuffle is not None:
            shuffle.shuffle(packets)
        answers = [answer for packet in packets if (answer := reader.handle(packet)) is not None]
        for answer in arriving(answers or [reader.acknowledge_again()], copies_left):
            sender.receive(answer)
    return reader


@given(CONTENT, st.integers(8, 64), st.integers(1, 6), COPIES, st.randoms(use_true_random=False))
def test_content_is_complete_over_an_unreliable_link(
    content: bytes, blksize: int, windowsize: int, copies: list[int], shuffle: random.Random
) -> None:
    """Packets are lost and duplicated both ways, and reordered within a window."""
    granted = TftpOptions(blksize=blksize, windowsize=windowsize)
    reader = read(content, granted, copies, shuffle)
    assert (reader.content, reader.blocks) == (content, len(content) // blksize + 1)


@pytest.mark.parametrize("windowsize", [1, 16])
def test_block_numbers_wrap_after_65535(windowsize: int) -> None:
    """The number after 65535 is 0, as in a file of more than 32 MB in blocks of 512 octets."""
    content = bytes(range(251)) * 2100
    assert read(content, TftpOptions(blksize=8, windowsize=windowsize)).content == content


@pytest.mark.covers("RFC7440-windowsize")
def test_window_is_acknowledged_by_its_last_block() -> None:
    """The last block of the file is acknowledged at once."""
    reader = TftpReader(REQUESTED)
    assert reader.handle(OptionAcknowledgement(TftpOptions(blksize=8, windowsize=3))) == Acknowledgement(0)
    full = [reader.handle(Data(number, bytes(8))) for number in range(1, 5)]
    assert full == [None, None, Acknowledgement(3), None]
    assert (reader.handle(Data(5, b"")), reader.done) == (Acknowledgement(5), True)


@pytest.mark.covers("RFC7440-windowsize")
def test_gap_is_reported_once() -> None:
    """Block 2 is lost: block 1 is acknowledged again once, not for every later block."""
    reader = TftpReader(REQUESTED)
    reader.handle(OptionAcknowledgement(TftpOptions(blksize=8, windowsize=4)))
    answers = [reader.handle(Data(number, bytes(8))) for number in (1, 3, 4)]
    assert answers == [None, Acknowledgement(1), None]


@pytest.mark.covers("RFC7440-windowsize")
def test_block_that_comes_twice_in_mid_window_is_acknowledged_with_the_window() -> None:
    """An acknowledgement of it would begin the next window early, with blocks that are on their way."""
    reader = TftpReader(REQUESTED)
    reader.handle(OptionAcknowledgement(TftpOptions(blksize=8, windowsize=3)))
    answers = [reader.handle(Data(number, bytes(8))) for number in (1, 1, 2, 2, 3, 3)]
    assert answers == [None, None, None, None, Acknowledgement(3), Acknowledgement(3)]


def test_block_that_comes_again_is_acknowledged_again() -> None:
    """The acknowledgement was lost; the content is appended only once."""
    reader = TftpReader(TftpOptions())
    answers = [reader.handle(Data(1, bytes(512))), reader.handle(Data(1, bytes(512)))]
    assert (answers, len(reader.content)) == ([Acknowledgement(1)] * 2, 512)


def test_number_of_blocks_follows_from_the_size() -> None:
    """It is None before the server has announced the size."""
    reader = TftpReader(REQUESTED)
    before = reader.expected_blocks
    reader.handle(OptionAcknowledgement(TftpOptions(blksize=1468, tsize=850528)))
    assert (before, reader.expected_blocks) == (None, 580)


@pytest.mark.covers("RFC2347-error-8")
@pytest.mark.parametrize(
    "granted,problem",
    [
        (TftpOptions(timeout=1), "grants timeout 1, which was not asked for"),
        (TftpOptions(blksize=1469), "grants blksize 1469 where 1468 was asked for"),
        (TftpOptions(windowsize=5), "grants windowsize 5 where 4 was asked for"),
    ],
    ids=str,
)
def test_option_that_was_not_requested_ends_the_transfer(granted: TftpOptions, problem: str) -> None:
    """It ends with error 8, since the two sides disagree about the block size (RFC 2347)."""
    with pytest.raises(ProtocolViolation, match=problem) as violation:
        TftpReader(REQUESTED).handle(OptionAcknowledgement(granted))
    assert violation.value.error.code == ErrorCode.OPTION_NEGOTIATION_FAILED


@pytest.mark.parametrize(
    "packet,problem",
    [
        (Data(1, bytes(513)), "block 1 has 513 octets where 512 were agreed"),
        (Acknowledgement(0), "Acknowledgement in answer to a read request"),
    ],
    ids=["too long", "no data"],
)
def test_packet_a_server_must_not_send_ends_the_transfer(packet: Packet, problem: str) -> None:
    """It ends with error 4, and the text names the problem."""
    with pytest.raises(ProtocolViolation, match=problem) as violation:
        TftpReader(TftpOptions()).handle(packet)
    assert violation.value.error.code == ErrorCode.ILLEGAL_OPERATION
