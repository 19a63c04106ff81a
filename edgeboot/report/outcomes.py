"""How each test ended, and how many in each way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType
from typing import Any, Final, Self


class Outcome(Enum):
    """How a test, or a phase of it, ended."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    """Before or after the test itself."""
    SKIPPED = "skipped"
    KNOWN_DEFECT = "known_defect"
    """Failed, as its contract states."""
    NOT_RUN = "not_run"
    """What it needs is known to be broken, or the time was up."""

    @property
    def counter(self) -> str:
        """The field of ``Counts``."""
        return {Outcome.ERROR: "errors", Outcome.KNOWN_DEFECT: "known_defects"}.get(self, self.value)


_WORST_FIRST: Final = (
    Outcome.FAILED,
    Outcome.ERROR,
    Outcome.KNOWN_DEFECT,
    Outcome.NOT_RUN,
    Outcome.SKIPPED,
    Outcome.PASSED,
)
_BY_VALUE: Final = MappingProxyType({each.value: each for each in Outcome})


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test with its parameters."""

    __test__ = False  # Not a test class, whatever its name suggests to pytest.

    test: str
    """pytest's node id."""
    outcome: Outcome
    phase: str
    """Which phase decided: ``setup``, ``call`` or ``teardown``."""
    seconds: float
    """Of the phases so far."""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Of a result's object; there are a million in the results of a thousand segments."""
        return cls(data["test"], _BY_VALUE[data["outcome"]], data["phase"], data["seconds"])

    @property
    def name(self) -> str:
        """The function with the parameters in brackets."""
        return self.test.partition("::")[2]

    @property
    def failed(self) -> bool:
        """Whether it failed, or had an error before or after."""
        return self.outcome in {Outcome.FAILED, Outcome.ERROR}

    def then(self, phase: TestResult) -> TestResult:
        """With a further phase of the test: the worse outcome, and the sum of the times."""
        worse = min(self, phase, key=lambda each: (_WORST_FIRST.index(each.outcome), each.phase != "call"))
        return replace(worse, seconds=round(self.seconds + phase.seconds, 6))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tests ended in each way; one that fails and then has an error counts as both."""

    passed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    known_defects: int = 0
    not_run: int = 0

    def plus(self, outcome: Outcome) -> Counts:
        """Count one more test."""
        return replace(self, **{outcome.counter: getattr(self, outcome.counter) + 1})

    @property
    def run(self) -> int:
        """The number of tests with a result about the server."""
        return self.passed + self.failed + self.errors + self.known_defects


@dataclass(frozen=True, slots=True)
class SeenDefect:
    """A test that failed as an entry of its contract's ``known_defects`` says."""

    test: str
    """pytest's node id."""
    reason: str
