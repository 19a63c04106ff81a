"""What a machine reads of a run: every field, whatever became of the run."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.report.result import Counts, Ending, Meaning, Result, Subject, failure

STARTED: Final = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
SUBJECT: Final = Subject("ab12cd", "orchestrator", "asked for", "poc", "/etc/edgeboot/site.toml")
SOME: Final = Counts(passed=3, skipped=2)


@pytest.mark.parametrize(
    "status,result,meaning",
    [
        (0, Result(STARTED, counts=SOME), Meaning.PASSED),
        (0, Result(STARTED, counts=Counts(known_defects=1)), Meaning.PASSED),
        (0, Result(STARTED, counts=Counts(skipped=9)), Meaning.NOTHING),
        (1, Result(STARTED, counts=SOME), Meaning.FAILED),
        (2, Result(STARTED, counts=SOME), Meaning.INTERRUPTED),
        (3, Result(STARTED, error="the bridge is gone"), Meaning.LAB),
        (3, Result(STARTED), Meaning.INTERNAL),
        (4, Result(STARTED, error="--lab moon: no such lab"), Meaning.USAGE),
        (5, Result(STARTED), Meaning.NOTHING),
        (99, Result(STARTED), Meaning.INTERNAL),
    ],
)
def test_exit_status_has_a_meaning(status: int, result: Result, meaning: Meaning) -> None:
    """A run in which no test said anything has not passed; 3 without the lab's words is pytest's own."""
    ended = result.at_its_end(status, STARTED)
    assert (ended.status, ended.meaning) == (status, meaning)


def test_result_of_a_run_is_told_whole() -> None:
    """What was verified, where, when, how it ended, and what failed by which cause."""
    failed = failure(
        "tests/e2e/test_boot.py::test_a", "call", "AssertionError: expected a\nmore", "/evidence/a"
    )
    result = Result(STARTED, subject=SUBJECT, server="dnsmasq 2.90", changed="DHCP off", failures=(failed,))
    told = json.loads(result.at_its_end(1, STARTED + timedelta(minutes=4)).encode())
    assert told == {
        "schema": 1,
        "run": "ab12cd",
        "lab": "orchestrator",
        "lab_reason": "asked for",
        "profile": "poc",
        "contract": "/etc/edgeboot/site.toml",
        "server": "dnsmasq 2.90",
        "started": "2026-03-01T02:00:00+00:00",
        "ended": "2026-03-01T02:04:00+00:00",
        "status": 1,
        "meaning": "failed tests",
        "changed": "DHCP off",
        "error": None,
        "counts": {"passed": 0, "failed": 0, "errors": 0, "skipped": 0, "known_defects": 0},
        "failures": [
            {
                "test": "tests/e2e/test_boot.py::test_a",
                "phase": "call",
                "headline": "expected a",
                "cause": None,
                "evidence": "/evidence/a",
            }
        ],
    }


def test_result_of_a_run_that_has_not_ended_says_so() -> None:
    """Every field is there, so that a reader need not ask which."""
    whole, begun = Result(STARTED, subject=SUBJECT).at_its_end(0, STARTED), Result(STARTED)
    told = json.loads(begun.encode())
    assert told.keys() == json.loads(whole.encode()).keys()
    assert (told["run"], told["ended"], told["status"]) == (None, None, None)
    assert told["meaning"] == "running, or killed"


@pytest.mark.parametrize("ending", Ending)
def test_each_ending_is_counted_by_its_name(ending: Ending) -> None:
    """One more of it, and of no other."""
    assert SOME.plus(ending) == Counts(
        **{name: getattr(SOME, name) + (name == ending.value) for name in Counts.__annotations__}
    )


@pytest.mark.parametrize(
    "message,headline,cause",
    [
        (
            "AssertionError: lease_time: expected 12:00:00, received 1:00:00; likely cause: my.conf:4 x",
            "lease_time: expected 12:00:00, received 1:00:00; likely cause: my.conf:4 x",
            "my.conf:4 x",
        ),
        ("expected one\nreceived none; likely cause: pod.yaml:9 y\nmore", "expected one", "pod.yaml:9 y"),
        ("[XPASS(strict)] known defect: both", "[XPASS(strict)] known defect: both", None),
        ("", "no message", None),
    ],
    ids=["in the headline", "below it", "unknown", "nothing"],
)
def test_failure_has_a_headline_and_its_cause(message: str, headline: str, cause: str | None) -> None:
    """By the words the suite's messages are made of."""
    failed = failure("a test", "call", message)
    assert (failed.headline, failed.cause) == (headline, cause)


def test_file_is_replaced_whole_and_its_directory_made(tmp_path: Path) -> None:
    """Nobody reads half a result, and nothing is left beside it."""
    file = tmp_path / "results" / "result.json"
    Result(STARTED).write(file)
    Result(STARTED, counts=SOME).at_its_end(0, STARTED).write(file)
    assert json.loads(file.read_text())["meaning"] == "passed"
    assert os.listdir(file.parent) == ["result.json"]  # noqa: PTH208 - hidden ones, too


def test_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """With the option, before any test."""
    (tmp_path / "taken").mkdir()
    with pytest.raises(UsageError, match=r"--result \S+/taken: cannot be written \(.+\); name a file"):
        Result(STARTED).write(tmp_path / "taken")
