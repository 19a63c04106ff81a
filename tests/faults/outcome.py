"""How a run of the suite ended, test by test, and whether that is what a fault must lead to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from tests.faults.fault import Fault

TESTS_FAILED: Final = 1
LAB_REFUSED: Final = (3, 4)
_STRICT: Final = "[XPASS(strict)]"


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
        failed: dict[str, str] = {}
        passed: set[str] = set()
        defects: set[str] = set()
        for case in ET.parse(junit).iter("testcase") if junit.exists() else ():  # noqa: S314 - our own
            name = f"{case.attrib['classname'].rpartition('.')[2]}.py::{case.attrib['name']}"
            told = [said(each) for each in case if each.tag in {"failure", "error"}]
            if told:
                failed[name] = "\n".join(filter(None, (failed.get(name), *told)))
            elif any(each.attrib.get("type") == "pytest.xfail" for each in case):
                defects.add(name)
            elif not any(each.tag == "skipped" for each in case):
                passed.add(name)
        return cls(status, failed, frozenset(passed), frozenset(defects), output, seconds)


def said(element: ET.Element) -> str:
    """What a failure says itself: its headline and pytest's E lines, not the source it quotes."""
    lines = [element.attrib.get("message", ""), *(element.text or "").splitlines()]
    return "\n".join(line for number, line in enumerate(lines) if number == 0 or line.startswith("E "))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the suite made of a fault."""

    fault: Fault
    outcome: Outcome
    missed: tuple[str, ...]
    """Tests that should have failed and did not."""
    mute: tuple[str, ...]
    """Tests that failed without the words that lead to the cause."""
    false_alarms: tuple[str, ...]
    """Tests that failed and should not have."""

    @property
    def caught(self) -> bool:
        """Whether exactly the right tests failed, with the right words."""
        return not (self.missed or self.mute or self.false_alarms)

    @property
    def message(self) -> str:
        """The first words by which it was caught, in one line."""
        if self.fault.refused is not None:
            found = re.search(self.fault.refused, self.outcome.output)
            return "" if found is None else line_around(self.outcome.output, found.start())
        for test in self.fault.caught_by:
            for case in cases(test, self.outcome.failed):
                text = self.outcome.failed[case]
                found = re.search(self.fault.caught_by[test], text)
                if found is not None:
                    return line_around(text, found.start())
        return ""


def verdict(fault: Fault, outcome: Outcome) -> Verdict:
    """Hold a run's outcome against the entry."""
    if fault.refused is not None:
        told = outcome.status in LAB_REFUSED and re.search(fault.refused, outcome.output) is not None
        missed: tuple[str, ...] = () if told else ("the lab's start",)
        # The test that asked for the lab tells the same.
        known = {case for test in fault.follows for case in cases(test, outcome.failed)}
        others = (
            test
            for test, words in outcome.failed.items()
            if test not in known and not re.search(fault.refused, words)
        )
        return Verdict(fault, outcome, missed, (), tuple(sorted(others)))
    missed = tuple(test for test in sorted(fault.expected) if not cases(test, outcome.failed))
    mute = tuple(
        test
        for test, words in fault.caught_by.items()
        if test not in missed
        and not any(re.search(words, outcome.failed[case]) for case in cases(test, outcome.failed))
    )
    expected = {case for test in fault.expected for case in cases(test, outcome.failed)}
    return Verdict(fault, outcome, missed, mute, tuple(sorted(outcome.failed.keys() - expected)))


def cases(test: str, names: Iterable[str]) -> list[str]:
    """The names that an entry's test stands for: itself, or each case; ``*`` ends a common beginning."""
    if test.endswith("*"):
        return [name for name in names if name.startswith(test[:-1])]
    return [name for name in names if test in (name, function(name))]


def function(name: str) -> str:
    """The test without its case."""
    return name.partition("[")[0]


def line_around(text: str, at: int) -> str:
    """The line of the text that holds this place, without pytest's margin."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line = text[start : len(text) if end < 0 else end]
    return re.sub(r"^(E|!+)\s+(_pytest\.outcomes\.Exit: )?", "", line).strip(" !")
