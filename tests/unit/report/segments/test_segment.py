"""How one segment stands, and since when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from edgeboot.report.not_run import NotRunTests
from edgeboot.report.result import Result
from edgeboot.report.segments.segment import Segment
from edgeboot.report.segments.standing import Standing
from tests.unit.report.failed_runs import LEASE_TIME, STARTED, failed, failure, renamed
from tests.unit.report.segments.fleet import BOOT, LEASE, broken, night, running, together


def only(*results: Result) -> Segment:
    """The one segment of these runs."""
    [segment] = together(*results).segments
    return segment


UNSEEN = replace(failed(passed=["a.py::test_a"], status=0), segment="a")
CUT = replace(
    failed(status=1), segment="a", not_run=(NotRunTests("the time is up", None, ("a.py::test_a",)),)
)


@pytest.mark.parametrize(
    "result, standing",
    [
        (night("a", 0), Standing.WOULD_BOOT),
        (night("a", 0, LEASE), Standing.NOT_AS_STATED),
        (night("a", 0, LEASE, BOOT), Standing.BOOT_FAILS),
        (UNSEEN, Standing.NOT_ALL_VERIFIED),
        (CUT, Standing.NOT_ALL_VERIFIED),
        (broken("a", 0), Standing.NO_VERDICT),
        (running("a", 0), Standing.NO_VERDICT),
        (failed(status=2), Standing.NO_VERDICT),
        (failed(BOOT, status=3), Standing.NO_VERDICT),
        (Result(STARTED, error="no such lab").at_its_end(4, STARTED), Standing.NO_VERDICT),
        (Result(STARTED).at_its_end(5, STARTED), Standing.NO_VERDICT),
    ],
)
def test_segment_is_good_only_by_a_run_that_ended_and_saw_a_boot(result: Result, standing: Standing) -> None:
    """A run that was killed, or whose lab broke, says nothing of the server."""
    assert only(result).standing is standing


def test_segment_stands_so_since_the_first_run_of_the_unbroken_row() -> None:
    """Whatever the order of the files."""
    segment = only(night("a", 3, BOOT), night("a", 0, BOOT), night("a", 2, BOOT), night("a", 1))
    assert segment.since == STARTED + timedelta(days=2)


def test_night_without_a_verdict_does_not_end_a_row() -> None:
    """It has shown nothing: what was red before and is red after has stayed so as far as is known."""
    segment = only(night("a", 0, BOOT), broken("a", 1), night("a", 2, BOOT))
    assert segment.since == STARTED


def test_segment_without_a_verdict_is_told_with_the_last_one() -> None:
    """Since the first night that had none."""
    segment = only(night("a", 0), broken("a", 1), running("a", 2))
    assert segment.since == STARTED + timedelta(days=1)
    assert segment.before is not None
    assert segment.before.standing is Standing.WOULD_BOOT
    assert only(broken("a", 0)).before is None


def test_verdict_on_another_contract_begins_anew() -> None:
    """What is good by one says nothing of the other."""
    subject = night("a", 0).subject
    assert subject is not None
    other = replace(night("a", 0), subject=replace(subject, contract="contracts/other.toml"))
    assert only(other, night("a", 1)).since == STARTED + timedelta(days=1)


def test_cause_is_as_old_as_its_own_row() -> None:
    """A new one beside it does not make it new."""
    segment = only(night("a", 0, LEASE), night("a", 1, LEASE, BOOT))
    since = {cause.title[:15]: segment.cause_since(cause).day for cause in segment.last.causes}
    assert since == {"dnsmasq.conf:4 ": 1, "dnsmasq.conf:7 ": 2}


def test_cause_whose_line_has_moved_is_as_old() -> None:
    """Somebody wrote a comment above it."""
    [line] = LEASE_TIME.causes
    moved = renamed(LEASE_TIME, causes=(replace(line, line=12),))
    segment = only(night("a", 0, LEASE), night("a", 1, failure("a.py::test_lease", moved)))
    assert segment.cause_since(segment.last.causes[0]) == STARTED


@pytest.mark.parametrize("day, overdue", [(0, False), (1, False), (2, True)])
def test_segment_without_a_run_for_a_night_is_overdue(day: int, overdue: bool) -> None:
    """Also one that was killed then."""
    for result in (night("a", 0), running("a", 0)):
        merged = together(result, day=day)
        assert bool(merged.overdue) is overdue


def test_history_has_runs_that_stand_alike_together() -> None:
    """Twenty nights are a line or two."""
    segment = only(*(night("a", day) for day in range(5)), night("a", 5, BOOT), night("a", 6, BOOT))
    assert [(each.newest.standing, len(each.runs)) for each in segment.stretches] == [
        (Standing.BOOT_FAILS, 2),
        (Standing.WOULD_BOOT, 5),
    ]
