"""``--keep-lab``: the lab stands when the run has ended, and edgeboot clean takes it away."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.paths import PROJECT
from tests.harness.suite import Run, RunSuite

pytestmark = pytest.mark.harness

TEST: Final = "tests/e2e/test_header.py::test_reply_has_no_client_address"


def clean(environment: dict[str, str]) -> Run:
    """``edgeboot clean``, by the same user."""
    return ran([sys.executable, "-m", "edgeboot.cli.main", "clean"], environment)


def ran(command: list[str], environment: dict[str, str] | None = None) -> Run:
    """A command's status and output."""
    ended = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    return Run(ended.returncode, ended.stdout + ended.stderr)


@pytest.fixture
def kept(environment: dict[str, str], run_suite: RunSuite) -> Iterator[Run]:
    """A run whose lab stands until the test is over."""
    try:
        yield run_suite("--keep-lab", TEST)
    finally:
        clean(environment)


def way(run: Run, shows: str) -> str:
    """The command that a run has printed for something."""
    found = re.search(rf"^  {shows}:\n    (.+)$", run.output, re.MULTILINE)
    assert found is not None, run.output
    return found[1]


def look(run: Run, shows: str) -> Run:
    """What such a command says."""
    return ran(shlex.split(way(run, shows)))


def test_kept_lab_answers_whoever_asks(kept: Run) -> None:
    """By the commands that the run has printed."""
    asked = look(kept, "what an edge node gets")
    assert (kept.status, asked.status) == (0, 0), asked.output
    assert "192.168.99.10" in asked.output
    log = Path(way(kept, "the server's log").removeprefix("tail -f "))
    assert "DHCPOFFER" in log.read_text()


def test_next_run_leaves_a_kept_lab_alone(kept: Run, run_suite: RunSuite) -> None:
    """It says so, and has a lab of its own."""
    run = run_suite(TEST)
    assert run.status == pytest.ExitCode.OK, run.output
    assert re.search(r"lab netns of run \w+-main is left standing \(--keep-lab\); edgeboot clean", run.output)
    assert look(kept, "the server's host").status == 0


def test_clean_takes_a_kept_lab_away(kept: Run, environment: dict[str, str]) -> None:
    """Namespaces, directory, and the server with its log."""
    cleaned = clean(environment)
    assert cleaned.status == 0, cleaned.output
    assert "removed network namespace" in cleaned.output
    assert look(kept, "the server's host").status != 0
    assert clean(environment).output == "nothing was left behind\n"


def test_site_is_not_kept(run_suite: RunSuite) -> None:
    """It is put back as it was, whatever was asked for."""
    run = run_suite("--keep-lab", "--interface=lo", lab="orchestrator")
    assert run.status == pytest.ExitCode.USAGE_ERROR, run.output
    assert "--keep-lab: is not for lab orchestrator" in run.output
