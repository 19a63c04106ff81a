"""Segments: neighbours stay together, and nobody is idle while there is work."""

from __future__ import annotations

from fixtures.segments import Segments


def taken(segments: Segments[str], worker: str, count: int) -> list[int | None]:
    """The next tests of a worker."""
    return [segments.take(worker) for _ in range(count)]


def test_each_worker_takes_a_segment_of_its_own_in_order() -> None:
    """Tests of one file share its fixtures."""
    segments: Segments[str] = Segments(range(6), 2)
    assert (taken(segments, "a", 2), taken(segments, "b", 3)) == ([0, 1], [3, 4, 5])
    assert len(segments) == 1


def test_worker_without_work_takes_half_of_the_longest_segment() -> None:
    """Its second half: the owner goes on where it is."""
    segments: Segments[str] = Segments(range(8), 1)
    assert taken(segments, "a", 2) == [0, 1]
    assert taken(segments, "b", 4) == [5, 6, 7, 3]
    assert taken(segments, "a", 3) == [2, 4, None]


def test_test_that_may_not_run_yet_is_passed_over() -> None:
    """It keeps its place."""
    segments: Segments[str] = Segments(range(4), 1)
    assert [segments.take("a", lambda test: test % 2 == 1) for _ in range(3)] == [1, 3, None]
    assert taken(segments, "a", 2) == [0, 2]


def test_segment_of_a_worker_that_has_gone_is_anybodys() -> None:
    """With the tests that it was given and has not run."""
    segments: Segments[str] = Segments(range(4), 1)
    assert segments.take("a") == 0
    segments.put_back([0])
    segments.abandon("a")
    assert taken(segments, "b", 5) == [0, 1, 2, 3, None]
