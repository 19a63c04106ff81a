"""Runs of many segments, made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from edgeboot.report.recorded_failure import Failure
from edgeboot.report.result import Result
from edgeboot.report.segments.merged import Merged, merge
from edgeboot.report.segments.told_run import ToldRun
from tests.unit.report.failed_runs import (
    LEASE_TIME,
    NEXT_SERVER,
    STARTED,
    SUBJECT,
    failed,
    failure,
    renamed,
)

LIMIT: Final = timedelta(hours=26)
LEASE: Final = failure("a.py::test_lease", LEASE_TIME)
BOOT: Final = failure("b.py::test_boot", NEXT_SERVER)
UNCAUSED: Final = failure("b.py::test_boot", renamed(NEXT_SERVER, causes=()))


def night(segment: str | None, day: int, *failures: Failure) -> Result:
    """The run of a segment on a day from ``STARTED``; it passed where it has no failure."""
    run = failed(*failures, status=1 if failures else 0)
    started = STARTED + timedelta(days=day)
    subject = replace(SUBJECT, run=f"{segment}-{day}")
    ended = started + timedelta(minutes=4)
    return replace(run, segment=segment, subject=subject, started=started, ended=ended)


def broken(segment: str, day: int) -> Result:
    """A run whose lab could not come up."""
    run = Result(STARTED + timedelta(days=day), segment=segment, error="port0 is gone")
    return run.at_its_end(3, run.started)


def running(segment: str, day: int) -> Result:
    """A run that has not ended, or was killed."""
    return replace(night(segment, day), ended=None, status=None, meaning=Result(STARTED).meaning)


def together(*results: Result, day: int | None = None) -> Merged:
    """These runs as they are told an hour after the night of a day, or after the last of them."""
    told = max(each.started for each in results) if day is None else STARTED + timedelta(days=day)
    runs = [ToldRun.of(Path(f"/runs/{number}/result.json"), each) for number, each in enumerate(results)]
    return merge(runs, told + timedelta(hours=1), LIMIT)


def names(merged: Merged) -> list[str | None]:
    """The segments in the order of the rows."""
    return [each.name for each in merged.segments]
