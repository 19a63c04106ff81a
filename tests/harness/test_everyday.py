"""pytest as it is used every day: stopping at the first failure, running the last ones again, a debugger."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE, STDOUT
from typing import Final

import pytest

from edgeboot.base.paths import PROJECT
from tests.harness.suite import ConfigChanger, RunSuite

pytestmark = pytest.mark.harness

FILES: Final = ("tests/e2e/test_lease_time.py", "tests/e2e/test_header.py", "tests/e2e/test_offer.py")
STOPPED: Final = 8
"""Tests at most that two workers have in their queues when a run is stopped, and those before."""
stopping = pytest.mark.parametrize("option", ["-x", "--maxfail=1", "--sw"])


def count(output: str, what: str) -> int:
    """A number of the line in which pytest counts; 0 where that has none of these."""
    counts = re.findall(r"^.*\d+ \w+.* in [\d.]+s\b.*$", output, re.MULTILINE)
    assert counts, output
    found = re.search(rf"(\d+) {what}", counts[-1])
    return int(found[1]) if found else 0


@stopping
@pytest.mark.parametrize("workers", [0, 2])
def test_run_stops_at_once(
    option: str, workers: int, changed_config: ConfigChanger, run_suite: RunSuite, tmp_path: Path
) -> None:
    """By its first failure, with status 1."""
    config = changed_config(",12h", ",1h")
    cache = f"cache_dir={tmp_path / 'cache'}"
    run = run_suite(option, "-o", cache, f"--dhcp-config={config}", *FILES, workers=workers)
    assert run.status == pytest.ExitCode.TESTS_FAILED, run.output
    assert count(run.output, "failed") <= 2, run.output
    assert count(run.output, "passed") < 40, run.output


@pytest.mark.parametrize("again", [("--lf",), ("--ff",), ("--ignore=tests/e2e/test_boot.py", "-x")])
def test_last_failures_are_run_again(
    again: tuple[str, ...], changed_config: ConfigChanger, run_suite: RunSuite, tmp_path: Path
) -> None:
    """Also of a contract with known defects, which are then not collected."""
    options = (f"--dhcp-config={changed_config(',12h', ',1h')}", "-o", f"cache_dir={tmp_path / 'cache'}")
    first = run_suite(*options, "tests/e2e/test_lease_time.py")
    run = run_suite(*options, *again, "tests/e2e", "-k", "lease_time" if "--lf" not in again else "")
    assert (first.status, run.status) == (1, 1), run.output
    assert "no test is named" not in run.output


def test_suite_runs_without_xdist() -> None:
    """For a debugger; which lab is up is said."""
    command = [sys.executable, "-m", "pytest", "-p", "no:xdist", "-m", "e2e", "--lab=netns", FILES[0]]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "edgeboot: lab netns is up after" in run.stdout


@pytest.mark.parametrize("options", [("-s", "--pdb"), ("--pdb",), ("-q", "--pdb", "-n0")])
def test_debugger_says_how_to_look_into_the_lab(
    options: tuple[str, ...], changed_config: ConfigChanger, environment: dict[str, str]
) -> None:
    """Without a line that is drawn over it; the lab is up as long as the debugger is."""
    command = [sys.executable, "-m", "pytest", "-m", "e2e", "--lab=netns", "-x", *options, FILES[0]]
    command += [f"--dhcp-config={changed_config(',12h', ',1h')}", "-p", "no:cacheprovider"]
    run = subprocess.run(
        command, cwd=PROJECT, env=environment, input="c\n", capture_output=True, text=True, check=False
    )
    _, entered, debugged = run.stdout.partition("edgeboot: lab netns is up\n")
    assert entered, run.stdout + run.stderr
    assert re.search(r"ip netns exec edgeboot-\w+-main-nodes \S*edgeboot probe -i node\d+\n", debugged)
    assert "\x1b[2K" not in run.stdout


@pytest.mark.parametrize("workers", [0, 2])
def test_expression_selects_tests(workers: int, run_suite: RunSuite) -> None:
    """The others are not run, and not counted."""
    run = run_suite("-k", "client_address and offer", FILES[1], workers=workers)
    assert (run.status, count(run.output, "passed")) == (0, 1), run.output
    assert "edgeboot: lab netns is up after" in run.output


def test_only_tests_of_the_kind_asked_for_are_read(run_suite: RunSuite) -> None:
    """Thousands of unit tests need not be imported to verify a server."""
    run = run_suite("--collect-only", "-q")
    assert "tests/unit" not in run.output
    assert "tests/e2e/test_boot.py" in run.output
    assert count(run.output, "deselected") < 2000, run.output


@pytest.mark.parametrize("module", ["edgeboot.base.interrupted", "scapy.packet", "fixtures.options"])
@pytest.mark.parametrize("program", [["pytest", "-m", "e2e"], ["edgeboot.cli.main", "verify"]], ids=" ".join)
def test_interrupt_while_modules_are_imported_has_no_traceback(program: list[str], module: str) -> None:
    """Nothing was begun: a line, and the status of an interrupt; Python may warn of a file it was reading."""
    command = [sys.executable, "-X", "importtime", "-m", *program, "--lab=netns", "--collect-only", "-q"]
    with subprocess.Popen(command, cwd=PROJECT, stdout=PIPE, stderr=STDOUT, text=True) as run:
        assert run.stdout is not None
        imported = next((line for line in run.stdout if line.rstrip().endswith(module)), None)
        run.send_signal(signal.SIGINT)
        output, _ = run.communicate(timeout=30)
    assert imported is not None, output
    assert run.returncode == 2, output
    assert output.endswith("\nedgeboot: interrupted before anything was begun\n"), output
    assert "KeyboardInterrupt" not in output
