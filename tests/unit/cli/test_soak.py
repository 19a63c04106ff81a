"""Runs of the suite are counted, and a flake is not lost among them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from edgeboot.cli.soak import SoakEnvironment, SoakRun, flakes, record
from edgeboot.report.outcomes import Outcome, TestResult
from edgeboot.report.result import Result

TOOK: Final = timedelta(seconds=40)
WHERE: Final = SoakEnvironment("netns", "poc", "abc1234", date(2026, 1, 2), 2, "6.1", "3.11", "2.90")


def test_run_is_counted_by_its_result_file(tmp_path: Path) -> None:
    """By the outcome of each test."""
    outcomes = {
        "test_a": Outcome.PASSED,
        "test_b": Outcome.ERROR,
        "test_c": Outcome.SKIPPED,
        "test_d": Outcome.KNOWN_DEFECT,
    }
    tests = tuple(
        TestResult(f"tests/e2e/test_offer.py::{name}", outcome, "call", 1.0)
        for name, outcome in outcomes.items()
    )
    Result(datetime(2026, 1, 2, tzinfo=UTC), tests=tests).write(tmp_path / "result.json")
    assert SoakRun.read(1, tmp_path / "result.json", TOOK) == SoakRun(1, 1, 1, 1, ("test_b",), TOOK)


def test_run_without_a_result_file_is_not_clean(tmp_path: Path) -> None:
    """A run that never began: nothing passed, and the status is shown."""
    soak_run = SoakRun.read(3, tmp_path / "absent.json", TOOK)
    assert not soak_run.clean
    assert str(soak_run) == "0 | 0 | 0 | 40.0 | exit status 3"


def test_record_tells_how_many_runs_failed_and_where() -> None:
    """With a line for each run, and the machine they were made on."""
    page = record([SoakRun(0, 9, 0, 0, (), TOOK), SoakRun(1, 8, 0, 0, ("test_b",), TOOK)], WHERE)
    assert "**2 runs, 1 with a failure**; median 40.0 s, slowest 40.0 s." in page
    assert "| 2 | 8 | 0 | 0 | 40.0 | test_b |" in page
    assert "commit abc1234, 2026-01-02; 2 CPUs, Linux 6.1, Python 3.11, dnsmasq 2.90." in page


def test_flakes_are_named_once() -> None:
    """Each name comes once, in however many runs the test failed."""
    assert flakes(
        [SoakRun(1, 0, 0, 0, ("test_b", "test_a"), TOOK), SoakRun(1, 0, 0, 0, ("test_b",), TOOK)]
    ) == (
        "test_a",
        "test_b",
    )
