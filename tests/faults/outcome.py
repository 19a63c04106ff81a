"""The outcome of a run against a fault, test by test, and the verdict on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from edgeboot.report.outcomes import Outcome as OutcomeOfTest
from edgeboot.report.result import read_result
from tests.faults.fault import Fault

PASSED: Final = 0
TESTS_FAILED: Final = 1
LAB_REFUSED: Final = (3, 4)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: exit status, messages of failed tests, names of passed tests."""

    status: int
    failed: Mapping[str, str] = field(default_factory=dict)
    """Messages by ``test_file.py::test_name[case]``."""
    passed: frozenset[str] = frozenset()
    defects: frozenset[str] = frozenset()
    """Tests that failed as the contract's known defects expect."""
    output: str = ""
    seconds: float = 0.0
    not_run: Mapping[str, str] = field(default_factory=dict)
    """What the failure says because of which a test was not run, by the test's name."""

    @classmethod
    def read(cls, status: int, file: Path, output: str, seconds: float) -> Outcome:
        """From the result file of a run; one that ended early need not have left any."""
        result = read_result(file)
        if result is None:
            return cls(status, output=output, seconds=seconds)
        messages: dict[str, list[str]] = {}
        for failure in result.failures:
            messages.setdefault(failure.test, []).append(failure.message)
        failed = {
            name_in_entries(test.test): "\n".join(messages.get(test.test, []))
            for test in result.tests
            if test.failed
        }
        not_run = {
            name_in_entries(test): "\n".join(messages.get(each.because or "", []))
            for each in result.not_run
            for test in each.tests
        }
        passed, defects = (
            frozenset(name_in_entries(test.test) for test in result.tests if test.outcome is outcome)
            for outcome in (OutcomeOfTest.PASSED, OutcomeOfTest.KNOWN_DEFECT)
        )
        return cls(status, failed, passed, defects, output, seconds, not_run)

    @property
    def told(self) -> Mapping[str, str]:
        """What each test says: by its own failure, or by that because of which it was not run."""
        return {**self.not_run, **self.failed}


def name_in_entries(test: str) -> str:
    """pytest's node id without the directory, as entries write it."""
    file, _, name = test.partition("::")
    return f"{file.rpartition('/')[2]}::{name}"


@dataclass(frozen=True, slots=True)
class FaultVerdict:
    """Whether the suite detected a fault, and what went wrong if not."""

    fault: Fault
    outcome: Outcome
    missed: tuple[str, ...]
    """Tests that should have failed and did not."""
    unexplained: tuple[str, ...]
    """Tests that failed with a message that does not match the expected pattern."""
    false_alarms: tuple[str, ...]
    """Tests that failed and should not have."""

    @property
    def caught(self) -> bool:
        """Whether exactly the expected tests failed, with the expected messages, in a whole run."""
        enough = len(self.outcome.passed) >= self.fault.passes
        return self.ended and enough and not (self.missed or self.unexplained or self.false_alarms)

    @property
    def ended(self) -> bool:
        """Whether tests were run and the exit status is the expected one; true for an expected refusal."""
        if self.fault.refusal is not None:
            return True
        expected = TESTS_FAILED if self.fault.expected else PASSED
        return self.outcome.status == expected and bool(self.outcome.passed or self.outcome.failed)

    @property
    def message(self) -> str:
        """The line of the first message that matched its pattern; empty if none did."""
        if self.fault.refusal is not None:
            match = re.search(self.fault.refusal, self.outcome.output)
            return "" if match is None else line_at(self.outcome.output, match.start())
        for test in self.fault.caught_by:
            for case in matching_cases(test, self.outcome.told):
                text = self.outcome.told[case]
                match = re.search(self.fault.caught_by[test], text)
                if match is not None:
                    return line_at(text, match.start())
        return ""


def verdict(fault: Fault, outcome: Outcome) -> FaultVerdict:
    """Compare a run's outcome with the entry."""
    if fault.refusal is not None:
        refused = outcome.status in LAB_REFUSED and re.search(fault.refusal, outcome.output) is not None
        missed: tuple[str, ...] = () if refused else ("the lab's start",)
        # The test that needed the lab fails with the same message.
        known = {case for test in fault.also_failing for case in matching_cases(test, outcome.failed)}
        others = (
            test
            for test, message in outcome.failed.items()
            if test not in known and not re.search(fault.refusal, message)
        )
        return FaultVerdict(fault, outcome, missed, (), tuple(sorted(others)))
    missed = tuple(test for test in sorted(fault.expected) if not matching_cases(test, outcome.told))
    unexplained = tuple(
        test
        for test, pattern in fault.caught_by.items()
        if test not in missed
        and not any(re.search(pattern, outcome.told[case]) for case in matching_cases(test, outcome.told))
    )
    expected = {case for test in fault.expected for case in matching_cases(test, outcome.failed)}
    return FaultVerdict(fault, outcome, missed, unexplained, tuple(sorted(outcome.failed.keys() - expected)))


def matching_cases(test: str, names: Iterable[str]) -> list[str]:
    """The names that an entry's test matches: itself or its cases; a trailing ``*`` matches any suffix."""
    if test.endswith("*"):
        return [name for name in names if name.startswith(test[:-1])]
    return [name for name in names if test in (name, without_case(name))]


def without_case(name: str) -> str:
    """The test's name without its case in brackets."""
    return name.partition("[")[0]


def line_at(text: str, at: int) -> str:
    """The line of the text that contains offset ``at``, without pytest's margin."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line = text[start : len(text) if end < 0 else end]
    return re.sub(r"^(E|!+)\s+(_pytest\.outcomes\.Exit: )?", "", line).strip(" !")
