"""A run's verdict as values: whether edge nodes would boot, and each cause with what it has broken."""

from __future__ import annotations

from dataclasses import dataclass

from edgeboot.report.findings import Finding
from edgeboot.report.verdict.suffering import Severity
from edgeboot.spec.manifests.cause import Cause


@dataclass(frozen=True, slots=True)
class HeadlineCause:
    """One cause, and the tests it has turned red."""

    cause: Cause | None
    """None where no line and no part of the segment is known."""
    finding: Finding | None
    """The clearest; None for a failure of another kind, such as an error of the suite's own."""
    severity: Severity
    suffers: str
    """What an edge node suffers from it, as a sentence."""
    tests: tuple[str, ...]
    """pytest's node ids, each once, in the order of the run."""
    clearest: str
    """The node id of the test whose failure says most."""
    message: str
    """The first line of that failure."""
    evidence: str | None = None
    """That failure's directory, or another's of the same cause."""
    not_run: int = 0
    """How many tests were left out for one of these failures."""

    @property
    def is_of_a_test(self) -> bool:
        """Whether a test has failed by it; not a file that cannot be imported, of which none was run."""
        return "::" in self.clearest

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes it the same in another night: its line without the number, or field and sender."""
        if self.cause is not None:
            return (self.cause.file, self.cause.text)
        if self.finding is not None:
            return (self.finding.field, str(self.finding.sender))
        return (self.clearest.partition("[")[0],)

    @property
    def title(self) -> str:
        """The cause where it is known; else what was found, as the message has it."""
        if self.cause is not None:
            return str(self.cause)
        return self.message if self.finding is None else str(self.finding)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run has found out."""

    would_boot: bool | None
    """None where nothing was verified."""
    sentence: str
    causes: tuple[HeadlineCause, ...] = ()
    """The worst first."""
    advisories: tuple[str, ...] = ()
    known_defects: tuple[str, ...] = ()
    not_run: tuple[str, ...] = ()
    """Why tests were not run, a sentence each."""

    def of_test(self, test: str) -> HeadlineCause | None:
        """The cause that has turned a test red; None for one that has not failed."""
        return next((each for each in self.causes if test in each.tests), None)
