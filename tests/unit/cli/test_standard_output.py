"""Commands whose output cannot be written: no traceback, and no status that says something else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.paths import CONTRACTS, PROJECT
from edgeboot.cli.exit_status import EXIT_NOT_READ, EXIT_USAGE

CHECK: Final = ("contract", "--check", str(CONTRACTS / "poc.toml"))
PRINTING: Final = (
    CHECK,
    ("clean",),
    ("doctor",),
    ("--version",),
    ("storm", "--help"),
    ("verify", "--collect-only", "-q", "tests/e2e/test_storm.py"),
)
LOST: Final = "edgeboot: standard output: cannot be written (No space left on device)"


def command(arguments: tuple[str, ...]) -> list[str]:
    """The command line of ``edgeboot``."""
    return [sys.executable, "-m", "edgeboot.cli.main", *arguments]


@pytest.fixture(params=["", "1"], ids=["at its end", "at once"])
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """A state of its own, and whether Python writes what is printed when it ends, or at once."""
    return {**os.environ, "PYTHONUNBUFFERED": request.param, "XDG_STATE_HOME": str(tmp_path)}


@pytest.mark.parametrize("arguments", PRINTING, ids=" ".join)
def test_output_without_room_is_one_error(arguments: tuple[str, ...], environment: dict[str, str]) -> None:
    """Whatever the command is, and whenever its output is written."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        run = subprocess.run(
            command(arguments),
            cwd=PROJECT,
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (run.returncode, run.stderr.count("\n")) == (EXIT_USAGE, 1)
    assert run.stderr.startswith(LOST)


def test_output_that_is_closed_is_no_error(environment: dict[str, str]) -> None:
    """Whoever closes it wants the exit status alone."""
    closed = ["sh", "-c", 'exec "$@" >&-', "sh", *command(CHECK)]
    run = subprocess.run(closed, cwd=PROJECT, env=environment, stderr=subprocess.PIPE, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


def test_reader_that_has_gone_is_told_nothing(environment: dict[str, str]) -> None:
    """``| head`` has what it wanted; the status is that of a program that SIGPIPE ends."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as nobody:
        run = subprocess.run(
            command(CHECK), env=environment, stdout=nobody, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (run.returncode, run.stderr) == (EXIT_NOT_READ, "")


def test_remark_without_room_changes_no_status(environment: dict[str, str]) -> None:
    """Status 1 would say that something was found wanting."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        run = subprocess.run(
            command(("probe", "-i", "edgeboot-none")),
            env=environment,
            stdout=subprocess.PIPE,
            stderr=full,
            text=True,
            check=False,
        )
    assert (run.returncode, run.stdout) == (EXIT_USAGE, "")
