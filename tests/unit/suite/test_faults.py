"""The catalogue of faults is consistent, and verdicts on runs are strict."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from edgeboot.base.paths import PROJECT
from edgeboot.report.outcomes import Outcome as OutcomeOfTest
from edgeboot.report.outcomes import TestResult
from edgeboot.report.recorded_failure import Failure
from edgeboot.report.result import Result
from tests.faults.catalogue import CATALOGUE, faults
from tests.faults.causes import FrameInjection, SegmentInjection, config_change
from tests.faults.checks import proving_faults
from tests.faults.fault import Fault, Group
from tests.faults.frame_injection import FRAME_RULES
from tests.faults.good_server import GOOD_SERVER_ENTRIES
from tests.faults.kept import KeptOutcomes, keep, kept_outcomes
from tests.faults.outcome import Outcome, verdict, without_case
from tests.faults.page import PAGES, without_volatile_parts
from tests.faults.segment_injection import SEGMENT_INJECTIONS

ALL: Final = [each for group in CATALOGUE.values() for each in group]
CAUGHT_BY: Final = {"test_a.py::test_a": r"expected 1", "test_a.py::test_b[x]": r"from \S+"}
ENTRY: Final = Fault("one", "it", "this", (), CAUGHT_BY, ("test_c.py::*",))
FAILED: Final = {
    "test_a.py::test_a[y]": "expected 1",
    "test_a.py::test_b[x]": "from here",
    "test_c.py::test_c": "anything",
}
DIRECTORY: Final = "tests/e2e"
RESULT: Final = Result(
    datetime(2026, 3, 1, tzinfo=UTC),
    failures=(
        Failure(f"{DIRECTORY}/test_a.py::test_a[y]", "call", "expected 1"),
        Failure(f"{DIRECTORY}/test_a.py::test_a[y]", "teardown", "teardown"),
    ),
    tests=(
        TestResult(f"{DIRECTORY}/test_a.py::test_a[y]", OutcomeOfTest.FAILED, "call", 1.0),
        TestResult(f"{DIRECTORY}/test_a.py::test_b", OutcomeOfTest.PASSED, "call", 1.0),
        TestResult(f"{DIRECTORY}/test_a.py::test_c", OutcomeOfTest.KNOWN_DEFECT, "call", 1.0),
        TestResult(f"{DIRECTORY}/test_a.py::test_d", OutcomeOfTest.SKIPPED, "setup", 1.0),
    ),
)


def verdict_with(**failed: str) -> Any:
    """The verdict on the entry if these tests failed, too; a message ``passed`` removes an expected one."""
    changed = {name.replace("__", ".py::", 1): message for name, message in failed.items()}
    messages = {name: message for name, message in (FAILED | changed).items() if message != "passed"}
    return verdict(ENTRY, Outcome(1, messages))


def test_every_fault_has_a_unique_name() -> None:
    """Faults are selected by name, and the page is compared with the catalogue by name."""
    assert [name for name, count in Counter(each.name for each in ALL).items() if count > 1] == []


@pytest.mark.parametrize("group", Group, ids=lambda group: group.name)
def test_every_group_has_its_faults(group: Group) -> None:
    """At least six faults in each group, and sixty in all."""
    assert len(CATALOGUE[group]) >= 6
    assert len(ALL) >= 60


@pytest.mark.parametrize("fault", ALL, ids=lambda fault: fault.name)
def test_entry_can_be_run(fault: Fault) -> None:
    """An entry describes fault and symptom, and names existing files, rules and injections."""
    assert fault.broken
    assert fault.symptom
    assert bool(fault.caught_by) != bool(fault.refusal)
    assert all((PROJECT / "tests" / "e2e" / name).is_file() for name in fault.files)
    for cause in fault.causes:
        assert not isinstance(cause, FrameInjection) or cause.name in FRAME_RULES
        assert not isinstance(cause, SegmentInjection) or cause.name in SEGMENT_INJECTIONS


@pytest.mark.parametrize("fault", ALL, ids=lambda fault: fault.name)
def test_tests_of_an_entry_exist(fault: Fault) -> None:
    """A renamed test must be renamed in the catalogue, too."""
    for test in map(without_case, fault.expected):
        file, _, name = test.partition("::")
        text = (PROJECT / "tests" / "e2e" / file).read_text(encoding="utf-8")
        assert name == "*" or f"def {name}(" in text, f"{fault.name}: {test}"


@pytest.mark.parametrize("place", PAGES)
def test_page_has_every_fault(place: str) -> None:
    """The page is as new as the catalogue: ``make faults`` writes it."""
    page = PAGES[place].read_text(encoding="utf-8")
    described = [each for each in faults(place) if each not in CATALOGUE[Group.PUBLIC]]
    assert [each.name for each in described if f"\n| {each.name} |" not in page] == []


def test_fault_is_caught_if_exactly_the_expected_tests_fail() -> None:
    """One failed case of a test suffices if the entry names no case."""
    assert verdict_with().caught
    assert verdict_with().message == "expected 1"


@pytest.mark.parametrize(
    "failed,field",
    [
        ({"test_a__test_a[y]": "passed"}, "missed"),
        ({"test_c__test_c": "passed"}, "missed"),
        ({"test_a__test_a[y]": "expected 2"}, "unexplained"),
        ({"test_a__test_b[z]": "from here"}, "false_alarms"),
        ({"test_d__test_d": "expected 1"}, "false_alarms"),
    ],
    ids=["not failed", "none followed", "other words", "another case", "another test"],
)
def test_fault_is_not_caught_otherwise(failed: dict[str, str], field: str) -> None:
    """Each kind of deviation is reported in its own field: missed, unexplained, false alarm."""
    result = verdict_with(**failed)
    assert not result.caught
    assert getattr(result, field)


@pytest.mark.parametrize(
    "outcome,caught",
    [
        (Outcome(0, passed=frozenset({"test_a.py::test_a"})), True),
        (Outcome(0), False),
        (Outcome(4), False),
        (Outcome(1, {"test_a.py::test_a": "x"}), False),
    ],
    ids=["passed", "no tests", "usage error", "an alarm"],
)
def test_good_server_passes_only_if_tests_were_run(outcome: Outcome, caught: bool) -> None:
    """A run that never began raises no false alarm, but proves nothing."""
    assert verdict(GOOD_SERVER_ENTRIES[0], outcome).caught is caught


def test_unfinished_run_catches_nothing() -> None:
    """Even if the expected tests had failed by then."""
    assert not verdict(ENTRY, Outcome(-1, FAILED)).caught


def test_outcome_is_read_from_the_result_file(tmp_path: Path) -> None:
    """A test that failed and had an error is one, with both messages."""
    RESULT.write(tmp_path / "result.json")
    read = Outcome.read(1, tmp_path / "result.json", "", 1.0)
    assert read.failed == {"test_a.py::test_a[y]": "expected 1\nteardown"}
    assert (set(read.passed), set(read.defects)) == ({"test_a.py::test_b"}, {"test_a.py::test_c"})
    assert Outcome.read(4, tmp_path / "absent.json", "", 1.0) == Outcome(4, seconds=1.0)


def test_outcomes_are_kept_for_a_second_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are judged by today's entries; a further run replaces those it has made again."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first, second = faults("netns")[:2]
    outcome = Outcome(1, {"a::b": "why"}, frozenset({"a::c"}), seconds=2.0)
    run = [verdict(each, outcome) for each in (first, second)]
    kept = KeptOutcomes().with_results(run, timedelta(minutes=1))
    keep("netns", kept.with_results([verdict(second, Outcome(0))], timedelta(minutes=1)))
    again = kept_outcomes("netns")
    assert [each.outcome for each in again.judged([first, second])] == [outcome, Outcome(0)]
    assert again.took == timedelta(minutes=2)


def test_check_is_proven_only_by_caught_faults() -> None:
    """Failures in a run that did not catch its fault prove nothing."""
    assert proving_faults([verdict_with(), verdict_with(test_d__test_d="")]) == {
        without_case(name): ("one",) for name in FAILED
    }


def test_config_change_without_its_text_is_an_error() -> None:
    """A change that changes nothing would leave its fault uncaught without a reason."""
    with pytest.raises(ValueError, match="has no 'absent'"):
        config_change("absent", "").prepare("poc-fixed", Path("/nonexistent"))


def test_volatile_parts_are_removed_from_messages() -> None:
    """The page changes only when the catalogue does."""
    message = "xid 0x0a0b0c0d in /tmp/edgeboot-fault-ab12cd/candidate.conf:4"
    assert without_volatile_parts(message) == "xid 0x… in candidate.conf:4"
