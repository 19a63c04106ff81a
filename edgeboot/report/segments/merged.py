"""The segments of a site together, the worst first; which are overdue, absent, or cannot be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

from edgeboot.base.counted import counted
from edgeboot.base.errors import UsageError
from edgeboot.report.history.result_files import NAME_DIRECTORIES, FoundResults
from edgeboot.report.page.material import RESULT
from edgeboot.report.result import now
from edgeboot.report.segments.segment import Segment
from edgeboot.report.segments.shared_cause import SharedCause, shared_causes
from edgeboot.report.segments.standing import Standing
from edgeboot.report.segments.told_run import ToldRun

_AHEAD: Final = timedelta(hours=1)
"""How far another machine's clock may be ahead of this one's."""


@dataclass(frozen=True, kw_only=True)
class Merged:
    """All segments of which there is a result."""

    segments: tuple[Segment, ...]
    """The worst first; at least one."""
    made: datetime
    limit: timedelta
    """A segment without a run for longer is overdue."""
    unnamed: int = 0
    """Results that name no segment, where others do: they are in no row."""
    absent: tuple[str, ...] = ()
    """Segments that there should be, and of which there is no result."""
    unknown: tuple[str, ...] = ()
    """Segments that have results, and are none of those that there should be: they are in no row."""
    unreadable: tuple[str, ...] = ()
    """Files that should be results, and why they cannot be read."""

    def of(self, expected: Sequence[str]) -> Merged:
        """Only the segments that there should be, and which of them are missing.

        Raises:
            UsageError: none of them has a result.
        """
        there = tuple(each for each in self.segments if each.name in expected)
        if not there:
            problem = f"none of the {counted(len(expected), 'segment')} has a result there or below"
            raise UsageError("--segments", problem, NAME_DIRECTORIES)
        names = {each.name for each in self.segments}
        unknown = tuple(sorted(str(each) for each in names - set(expected)))
        absent = tuple(each for each in expected if each not in names)
        return replace(self, segments=there, absent=absent, unknown=unknown)

    @cached_property
    def causes(self) -> tuple[SharedCause, ...]:
        """Of the last runs: the worst first, then the one that most segments have."""
        return shared_causes(self.segments)

    @cached_property
    def numbers(self) -> dict[tuple[object, ...], int]:
        """The place of each cause in ``causes``, from 1, by what makes it the same on every segment."""
        places = enumerate(self.causes, start=1)
        return {each.shared: place for place, shared in places for each in shared.causes}

    @cached_property
    def counts(self) -> Counter[Standing]:
        """Segments by their standing."""
        return Counter(each.standing for each in self.segments)

    @cached_property
    def overdue(self) -> tuple[Segment, ...]:
        """Those without a run for too long."""
        return tuple(each for each in self.segments if self.is_overdue(each))

    def of_other_sites(self, segment: Segment) -> tuple[ToldRun, ...]:
        """Runs whose site is not its row's; none of runs without a name, which may be of any."""
        return () if segment.name is None else segment.of_other_sites(self.limit)

    def is_overdue(self, segment: Segment) -> bool:
        """Whether it has had no run for too long when this was made."""
        return segment.is_overdue(self.made, self.limit)


def merged(
    directories: Sequence[Path],
    limit: timedelta,
    segment: str | None = None,
    expected: Sequence[str] | None = None,
) -> Merged:
    """The segments whose results are in these directories and below them.

    Results are read one after the other; only what a table tells of them is kept.

    Args:
        directories: where to look.
        limit: a segment without a run for longer is overdue.
        segment: only this one.
        expected: the segments that there should be; None where nobody has said.

    Raises:
        UsageError: a directory is not there, or there is no result that can be read.
    """
    found = FoundResults(directories)
    runs = [ToldRun.of(file, result) for file, result in found if segment in {None, result.segment}]
    whole = merge(runs, now(), limit, tuple(found.unreadable))
    if not whole.segments:
        of_it = f" of segment {segment}" if segment else ""
        problem = f"no {RESULT} there or below{of_it} that can be read"
        named = ", ".join(map(str, directories))
        raise UsageError(named, "; ".join((problem, *whole.unreadable[:3])), NAME_DIRECTORIES)
    return whole if expected is None else whole.of(expected)


def merge(
    runs: Iterable[ToldRun], made: datetime, limit: timedelta, unreadable: tuple[str, ...] = ()
) -> Merged:
    """These runs by their segments; those that name none are one where no run names any.

    A run of a day that is yet to come would be a segment's last for ever: it is left out, and told.
    """
    by_name: dict[str | None, list[ToldRun]] = {}
    for run in sorted(runs, key=lambda each: each.started, reverse=True):
        if (ahead := _yet_to_come(run, made + _AHEAD)) is not None:
            unreadable = (*unreadable, f"{run.file} {ahead}, which is yet to come")
            continue
        by_name.setdefault(run.segment, []).append(run)
    unnamed = by_name.pop(None, []) if len(by_name) > 1 else []
    segments = [Segment(name, tuple(its)) for name, its in by_name.items()]

    def badness(segment: Segment) -> tuple[object, ...]:
        worst = min((each.severity for each in segment.last.causes), default=99)
        overdue = segment.is_overdue(made, limit)
        return (segment.standing, not overdue, worst, -len(segment.last.causes), segment.name or "")

    rows = tuple(sorted(segments, key=badness))
    return Merged(segments=rows, made=made, limit=limit, unnamed=len(unnamed), unreadable=unreadable)


def _yet_to_come(run: ToldRun, latest: datetime) -> str | None:
    for verb, time in (("began", run.started), ("ended", run.ended)):
        if time is not None and time > latest:
            return f"{verb} {time:%Y-%m-%d %H:%M}"
    return None
