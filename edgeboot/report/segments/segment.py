"""One segment: how it stands by its last run, since when, and how it stood before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from edgeboot.report.segments.standing import Standing
from edgeboot.report.segments.told_run import ToldCause, ToldRun


@dataclass(frozen=True, slots=True)
class Stretch:
    """Runs one after the other that stand alike."""

    runs: tuple[ToldRun, ...]
    """The newest first; at least one."""

    @property
    def newest(self) -> ToldRun:
        """The last of them."""
        return self.runs[0]

    @property
    def oldest(self) -> ToldRun:
        """The first of them."""
        return self.runs[-1]


@dataclass(frozen=True, slots=True)
class Segment:
    """The runs of one segment."""

    name: str | None
    """None where no run says it."""
    runs: tuple[ToldRun, ...]
    """The newest first; at least one."""

    @property
    def last(self) -> ToldRun:
        """The newest, whose standing is the segment's."""
        return self.runs[0]

    @property
    def standing(self) -> Standing:
        """By the last run."""
        return self.last.standing

    @property
    def before(self) -> ToldRun | None:
        """Where the last run has no verdict, the newest that has one."""
        if self.standing is not Standing.NO_VERDICT:
            return None
        return next((each for each in self.runs if each.standing is not Standing.NO_VERDICT), None)

    @property
    def has_a_verdict(self) -> bool:
        """Whether any run has one."""
        return any(each.standing is not Standing.NO_VERDICT for each in self.runs)

    @property
    def since(self) -> datetime:
        """When the first run began that stands as the last does, as all between do that have a verdict."""
        return list(takewhile(self.last.stands_like, self._comparable()))[-1].started

    def cause_since(self, cause: ToldCause) -> datetime:
        """When the first run began that has a cause of the last, as all between do that have a verdict."""
        with_it = takewhile(
            lambda run: any(each.identity == cause.identity for each in run.causes), self._comparable()
        )
        return list(with_it)[-1].started

    def _comparable(self) -> Iterator[ToldRun]:
        """The last, and those before it; if it has a verdict, only such: a lab that broke shows nothing."""
        judged = self.standing is not Standing.NO_VERDICT
        return (each for each in self.runs if not judged or each.standing is not Standing.NO_VERDICT)

    @property
    def last_ended(self) -> datetime | None:
        """When the newest run ended that has; None where none has."""
        return next((each.ended for each in self.runs if each.ended is not None), None)

    def of_other_sites(self, limit: timedelta) -> tuple[ToldRun, ...]:
        """The newest run of each other lab, profile and contract, within ``limit`` before the last run.

        They are of another site of the same name, or of a time before a change.
        """
        newest: dict[tuple[str, str, str], ToldRun] = {}
        for run in self.runs:
            if run.site is not None and self.last.started - run.started < limit:
                newest.setdefault(run.site, run)
        return tuple(newest.values())[1:]

    def is_overdue(self, now: datetime, limit: timedelta) -> bool:
        """Whether no run has begun or ended for so long."""
        return now - max(self.last.started, self.last_ended or self.last.started) > limit

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """Its history, the newest first."""
        found: list[list[ToldRun]] = []
        for run in self.runs:
            if found and found[-1][-1].stands_like(run):
                found[-1].append(run)
            else:
                found.append([run])
        return tuple(Stretch(tuple(each)) for each in found)
