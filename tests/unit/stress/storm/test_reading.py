"""What is read of a reply, and whose patience has ended."""

from __future__ import annotations

from array import array

import pytest

from edgeboot.stress.storm.patience import PatienceQueue
from edgeboot.stress.storm.reply_reader import told_in

OFFER, ACK = bytes((53, 1, 2)), bytes((53, 1, 5))
SERVER, LEASE_TIME = bytes((54, 4, 10, 0, 0, 1)), bytes((51, 4, 0, 0, 14, 16))


@pytest.mark.parametrize(
    "options,expected",
    [
        (ACK + SERVER + LEASE_TIME + b"\xff", (5, 0x0A000001, 3600)),
        (OFFER + SERVER + LEASE_TIME + b"\xff", (2, 0x0A000001, 0)),
        (b"\0\0" + SERVER + b"\x03\x04\x0a\0\0\x02" + OFFER, (2, 0x0A000001, 0)),
        (OFFER + b"\xff" + SERVER, (2, 0, 0)),
        (OFFER + SERVER[:5], (2, 0, 0)),
        (OFFER + bytes((54, 2, 10, 0)), (2, 0, 0)),
        (bytes((53, 0)) + SERVER, (0, 0x0A000001, 0)),
        (b"\x35", (0, 0, 0)),
        (b"", (0, 0, 0)),
    ],
)
def test_type_server_and_lease_time_are_read_wherever_they_are(
    options: bytes, expected: tuple[int, int, int]
) -> None:
    """What is cut off, or behind END, is not there."""
    memory = memoryview(bytes(240) + options)
    assert told_in(memory, 0, len(memory)) == expected


def test_who_has_got_a_reply_does_not_wait_any_more() -> None:
    """Its entry is passed over, and those behind it are not kept waiting."""
    due = array("d", bytes(24))
    queue = PatienceQueue(due, 1.0)
    for number in range(3):
        queue.begin(number, float(number))
    due[0] = 9.0
    assert list(queue.ended(2.5)) == [1]
    assert queue.next_end == 3.0
    assert list(queue.ended(3.0)) == [2]
    assert queue.next_end == float("inf")
