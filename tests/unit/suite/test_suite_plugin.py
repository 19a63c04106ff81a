"""Which runs have the suite's fixtures and hooks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from edgeboot.base.paths import PROJECT
from fixtures.suite import has_tests_of_the_suite


@pytest.mark.parametrize(
    "path,expression",
    [
        ("tests/e2e", ""),
        ("tests/e2e/test_boot.py", ""),
        ("tests", ""),
        (".", "e2e"),
        (".", "e2e and slow"),
        (".", "kubernetes"),
        (".", "e2e or harness"),
    ],
)
def test_run_that_may_have_tests_of_the_suite_has_its_fixtures(path: str, expression: str) -> None:
    """By its paths, and as far as its markers tell."""
    assert has_tests_of_the_suite([PROJECT / path], expression)


@pytest.mark.parametrize(
    "path,expression",
    [
        ("tests/unit", ""),
        ("tests/unit/dhcp/test_options.py", "e2e"),
        ("tests/harness", "harness"),
        (".", "harness"),
        (".", "faults"),
        (".", "browser"),
        ("..", "rehearsal"),
    ],
)
def test_run_that_can_have_none_is_without_them(path: str, expression: str) -> None:
    """Unit tests above all, and tests that run the suite in processes of their own."""
    assert not has_tests_of_the_suite([PROJECT / path], expression)


def test_lab_of_which_there_is_room_for_one_runs_without_workers(tmp_path: Path) -> None:
    """``-n auto`` is answered by the suite and not by xdist, which would start one for each CPU."""
    command = [sys.executable, "-m", "pytest", "-m", "e2e", "--lab=orchestrator", f"--evidence={tmp_path}"]
    command.append("tests/e2e/test_boot.py")
    finished = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    output = finished.stdout + finished.stderr
    assert "lab orchestrator" in output
    assert "runs in one process" not in output, output
    assert "workers" not in output, output


@pytest.mark.parametrize("asked", ["--help", "--markers", "--version"])
def test_pytest_says_what_it_is_asked_for(asked: str) -> None:
    """Without a run pytest knows no paths; a newcomer's first command must not end in a traceback."""
    command = [sys.executable, "-m", "pytest", asked]
    finished = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (finished.returncode, finished.stderr) == (0, "")
    assert finished.stdout


@pytest.mark.parametrize(
    "arguments,problem",
    [
        (("tests/unit/test_nothing.py",), "file or directory not found: tests/unit/test_nothing.py"),
        (("-m", "unit or e2ee", "tests/unit/base"), "-m 'unit or e2ee': no marker e2ee, unit"),
    ],
)
def test_typo_is_told_before_workers_are_started(arguments: tuple[str, ...], problem: str) -> None:
    """They would collect for a while, and xdist would end without a word of it, or by an assertion."""
    command = [sys.executable, "-m", "pytest", "-n", "2", *arguments]
    finished = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert finished.returncode == pytest.ExitCode.USAGE_ERROR
    assert f"ERROR: {problem}" in finished.stdout + finished.stderr
