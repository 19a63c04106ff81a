"""The segments of a site together: the worst first, and each cause once with the segments that have it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from edgeboot.base.counted import counted
from edgeboot.base.errors import UsageError
from edgeboot.report.history.result_files import NAME_DIRECTORIES, FoundResults
from edgeboot.report.page.material import RESULT
from edgeboot.report.result import now
from edgeboot.report.segments.segment import Segment
from edgeboot.report.segments.standing import Standing
from edgeboot.report.segments.told_run import ToldCause, ToldRun


@dataclass(frozen=True, slots=True)
class SharedCause:
    """A cause that the last runs of segments have."""

    causes: tuple[ToldCause, ...]
    """Of each segment."""
    segments: tuple[Segment, ...]

    @property
    def worst(self) -> ToldCause:
        """The one that has the worst consequence, and the most tests red."""
        return min(self.causes, key=lambda each: (each.severity, -each.tests))

    @property
    def values(self) -> str:
        """Expected and received where no line is known, if they are the same on every segment."""
        different = {each.values for each in self.causes}
        return different.pop() if len(different) == 1 else "on each segment other values"

    @property
    def title(self) -> str:
        """Of the worst; of several without a known line the field."""
        worst = self.worst
        if not worst.values or len(self.segments) == 1:
            return worst.title
        return f"{worst.shared[1]}: {self.values}"

    @property
    def since(self) -> datetime:
        """When the first segment had it."""
        return min(
            segment.cause_since(cause) for segment, cause in zip(self.segments, self.causes, strict=True)
        )


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
        """The worst first, then the one that most segments have."""
        found: dict[tuple[object, ...], dict[str | None, tuple[ToldCause, Segment]]] = {}
        for segment in self.segments:
            for cause in segment.last.causes:
                found.setdefault(cause.shared, {}).setdefault(segment.name, (cause, segment))
        shared = [
            SharedCause(*(tuple(each) for each in zip(*having.values(), strict=True)))
            for having in found.values()
        ]
        return tuple(sorted(shared, key=lambda each: (each.worst.severity, -len(each.segments))))

    @cached_property
    def numbers(self) -> dict[tuple[object, ...], int]:
        """The place of each cause in ``causes``, from 1, by what makes it the same on every segment."""
        return {shared.worst.shared: place for place, shared in enumerate(self.causes, start=1)}

    @cached_property
    def counts(self) -> Counter[Standing]:
        """Segments by their standing."""
        return Counter(each.standing for each in self.segments)

    @cached_property
    def overdue(self) -> tuple[Segment, ...]:
        """Those without a run for too long."""
        return tuple(each for each in self.segments if self.is_overdue(each))

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
    if not runs:
        of_it = f" of segment {segment}" if segment else ""
        problem = f"no {RESULT} there or below{of_it} that can be read"
        named = ", ".join(map(str, directories))
        raise UsageError(named, "; ".join((problem, *found.unreadable[:3])), NAME_DIRECTORIES)
    whole = merge(runs, now(), limit, tuple(found.unreadable))
    return whole if expected is None else whole.of(expected)


def merge(
    runs: Iterable[ToldRun], made: datetime, limit: timedelta, unreadable: tuple[str, ...] = ()
) -> Merged:
    """These runs by their segments; those that name none are one where no run names any."""
    by_name: dict[str | None, list[ToldRun]] = {}
    for run in sorted(runs, key=lambda each: each.started, reverse=True):
        by_name.setdefault(run.segment, []).append(run)
    unnamed = by_name.pop(None, []) if len(by_name) > 1 else []
    segments = [Segment(name, tuple(its)) for name, its in by_name.items()]

    def badness(segment: Segment) -> tuple[object, ...]:
        worst = min((each.severity for each in segment.last.causes), default=99)
        overdue = segment.is_overdue(made, limit)
        return (segment.standing, not overdue, worst, -len(segment.last.causes), segment.name or "")

    rows = tuple(sorted(segments, key=badness))
    return Merged(segments=rows, made=made, limit=limit, unnamed=len(unnamed), unreadable=unreadable)
