"""What a table of many segments keeps of a run: little, since there may be thousands of runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from edgeboot.report.meaning import Meaning
from edgeboot.report.page.run_directory import REPORT
from edgeboot.report.result import Result
from edgeboot.report.segments.standing import Standing, standing
from edgeboot.report.values import shown_value
from edgeboot.report.verdict.headline import HeadlineCause
from edgeboot.report.verdict.suffering import Severity
from edgeboot.report.verdict.verdict import verdict


@dataclass(frozen=True, slots=True)
class ToldCause:
    """A cause without its tests."""

    identity: tuple[object, ...]
    """The same in every night of a segment."""
    shared: tuple[object, ...]
    """The same on every segment: the file and its line, else the field; without addresses of a segment."""
    alike: tuple[str, str] | None
    """The file of its line and the field that is wrong by it: where each segment has a line of its own."""
    title: str
    values: str
    """Expected and received, where no line is known; else empty."""
    suffers: str
    severity: Severity
    tests: int
    """How many are red by it, or were not run for it."""

    @classmethod
    def of(cls, cause: HeadlineCause) -> Self:
        """Of a verdict."""
        values = ""
        shared: tuple[object, ...] = ("cause", *cause.identity)
        if cause.cause is None and cause.finding is not None:
            found = cause.finding
            values = f"expected {shown_value(found.expected)}, received {shown_value(found.received)}"
            shared = ("field", found.field, found.received is None)  # Silence is no wrong value.
        alike = None
        if cause.cause is not None and cause.cause.file is not None and cause.finding is not None:
            alike = (cause.cause.file, cause.finding.field)
        return cls(
            identity=cause.identity,
            shared=shared,
            alike=alike,
            title=cause.title,
            values=values,
            suffers=cause.suffers,
            severity=cause.severity,
            tests=len(cause.tests) + cause.not_run,
        )


@dataclass(frozen=True, slots=True)
class ToldRun:
    """One run of a segment."""

    segment: str | None
    run: str | None
    """None after a usage error."""
    site: tuple[str, str, str] | None
    """Lab, profile and contract; None after a usage error."""
    started: datetime
    ended: datetime | None
    status: int | None
    meaning: Meaning
    standing: Standing
    would_boot: bool | None
    sentence: str
    causes: tuple[ToldCause, ...]
    """The worst first; none of a run without a verdict, whose report has what it met before it broke."""
    file: Path
    """The result."""
    report: Path | None
    """The page beside it, if there is one."""

    @classmethod
    def of(cls, file: Path, result: Result) -> Self:
        """Of the result in a file."""
        found, subject = verdict(result), result.subject
        report, stands = file.with_name(REPORT), standing(result, found)
        return cls(
            segment=result.segment,
            run=subject.run if subject else None,
            site=(subject.lab, subject.profile, subject.contract) if subject else None,
            started=result.started,
            ended=result.ended,
            status=result.status,
            meaning=result.meaning,
            standing=stands,
            would_boot=found.would_boot,
            sentence=found.sentence,
            causes=() if stands is Standing.NO_VERDICT else tuple(map(ToldCause.of, found.causes)),
            file=file,
            report=report if report.is_file() else None,
        )

    @property
    def page(self) -> Path:
        """What to open for more of it: its report, else its result."""
        return self.report or self.file

    def stands_like(self, other: ToldRun) -> bool:
        """Whether both have found the same against the same contract, or neither has a verdict."""
        if Standing.NO_VERDICT in {self.standing, other.standing}:
            return self.standing is other.standing
        return (self.standing, self.site) == (other.standing, other.site)
