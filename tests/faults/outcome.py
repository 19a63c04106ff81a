"""How a run of the suite ended, test by test, and whether that is what a fault must lead to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from edgeboot.report.junit import Ending
from edgeboot.report.junit import cases as junit_cases
from tests.faults.fault import Fault

PASSED: Final = 0
TESTS_FAILED: Final = 1
LAB_REFUSED: Final = (3, 4)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a run: its status, what each failed test said, and who passed."""

    status: int
    failed: Mapping[str, str] = field(default_factory=dict)
    """By ``test_file.py::test_name[case]``."""
    passed: frozenset[str] = frozenset()
    defects: frozenset[str] = frozenset()
    """Those that failed as the contract's known defects say."""
    output: str = ""
    seconds: float = 0.0

    @classmethod
    def read(cls, status: int, junit: Path, output: str, seconds: float) -> Outcome:
        """What pytest's JUnit file tells; a run that was ended early need not have left one."""
        ended: dict[Ending, set[str]] = {ending: set() for ending in Ending}
        failed: dict[str, str] = {}
        for case in junit_cases(junit):
            name = f"{case.file}::{case.name}"
            ended[case.ending].add(name)
            if case.ending is Ending.FAILED:
                failed[name] = "\n".join(filter(None, (failed.get(name), *map(said, case.reports))))
        passed, defects = frozenset(ended[Ending.PASSED]), frozenset(ended[Ending.DEFECT])
        return cls(status, failed, passed, defects, output, seconds)


def said(report: tuple[str, str]) -> str:
    """What a failure says itself: its headline and pytest's E lines, not the source it quotes."""
    headline, text = report
    return "\n".join((headline, *(line for line in text.splitlines() if line.startswith("E "))))


@dataclass(frozen=True, slots=True)
class FaultVerdict:
    """What the suite made of a fault."""

    fault: Fault
    outcome: Outcome
    missed: tuple[str, ...]
    """Tests that should have failed and did not."""
    unexplained: tuple[str, ...]
    """Tests that failed without the words that lead to the cause."""
    false_alarms: tuple[str, ...]
    """Tests that failed and should not have."""

    @property
    def caught(self) -> bool:
        """Whether exactly the right tests failed, with the right words, in a run that came to its end."""
        return self.ended and not (self.missed or self.unexplained or self.false_alarms)

    @property
    def ended(self) -> bool:
        """Whether tests were run, and the run ended as theirs must; a lab's refusal is looked at as such."""
        if self.fault.refusal is not None:
            return True
        expected = TESTS_FAILED if self.fault.expected else PASSED
        return self.outcome.status == expected and bool(self.outcome.passed or self.outcome.failed)

    @property
    def message(self) -> str:
        """The first words by which it was caught, in one line."""
        if self.fault.refusal is not None:
            found = re.search(self.fault.refusal, self.outcome.output)
            return "" if found is None else line_around(self.outcome.output, found.start())
        for test in self.fault.caught_by:
            for case in cases(test, self.outcome.failed):
                text = self.outcome.failed[case]
                found = re.search(self.fault.caught_by[test], text)
                if found is not None:
                    return line_around(text, found.start())
        return ""


def verdict(fault: Fault, outcome: Outcome) -> FaultVerdict:
    """Hold a run's outcome against the entry."""
    if fault.refusal is not None:
        told = outcome.status in LAB_REFUSED and re.search(fault.refusal, outcome.output) is not None
        missed: tuple[str, ...] = () if told else ("the lab's start",)
        # The test that asked for the lab tells the same.
        known = {case for test in fault.also_failing for case in cases(test, outcome.failed)}
        others = (
            test
            for test, words in outcome.failed.items()
            if test not in known and not re.search(fault.refusal, words)
        )
        return FaultVerdict(fault, outcome, missed, (), tuple(sorted(others)))
    missed = tuple(test for test in sorted(fault.expected) if not cases(test, outcome.failed))
    unexplained = tuple(
        test
        for test, words in fault.caught_by.items()
        if test not in missed
        and not any(re.search(words, outcome.failed[case]) for case in cases(test, outcome.failed))
    )
    expected = {case for test in fault.expected for case in cases(test, outcome.failed)}
    return FaultVerdict(fault, outcome, missed, unexplained, tuple(sorted(outcome.failed.keys() - expected)))


def cases(test: str, names: Iterable[str]) -> list[str]:
    """The names that an entry's test stands for: itself, or each case; ``*`` ends a common beginning."""
    if test.endswith("*"):
        return [name for name in names if name.startswith(test[:-1])]
    return [name for name in names if test in (name, without_case(name))]


def without_case(name: str) -> str:
    """The test without its case."""
    return name.partition("[")[0]


def line_around(text: str, at: int) -> str:
    """The line of the text that holds this place, without pytest's margin."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line = text[start : len(text) if end < 0 else end]
    return re.sub(r"^(E|!+)\s+(_pytest\.outcomes\.Exit: )?", "", line).strip(" !")
