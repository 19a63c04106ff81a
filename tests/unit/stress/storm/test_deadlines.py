"""Which node's wait is over."""

from __future__ import annotations

from array import array

from edgeboot.stress.storm.deadlines import Deadlines


def test_a_shorter_wait_ends_in_time() -> None:
    """And once: the entry of the longer one before it means nothing any more."""
    due = array("d", [0.0, 9.0])
    deadlines = Deadlines(due)
    deadlines.watch(1)
    due[1] = 2.0
    deadlines.watch(1)
    assert list(deadlines.ended(3.0)) == [1]
    due[1] = 20.0
    deadlines.watch(1)
    assert [list(deadlines.ended(now)) for now in (10.0, 21.0, 30.0)] == [[], [1], []]


def test_an_extended_wait_ends_later() -> None:
    """It is extended by its column alone."""
    due = array("d", [1.0])
    deadlines = Deadlines(due)
    deadlines.watch(0)
    due[0] = 5.0
    assert [list(deadlines.ended(now)) for now in (2.0, 6.0)] == [[], [0]]
