"""A killed run is cleaned up by the next clean, an interrupted one cleans up itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pyroute2 import netns

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.paths import PROJECT
from edgeboot.host.processes import processes
from edgeboot.labs.clean import clean
from tests.harness.suite import RunSuite
from tests.unit.labs.test_clean import STUCK

pytestmark = pytest.mark.harness


@pytest.fixture(params=[("poc", 1), ("proxydhcp", 2)], ids=["one server per lab", "two servers per lab"])
def running_suite(request: pytest.FixtureRequest, environment: dict[str, str]) -> subprocess.Popen[str]:
    """A run of the suite with two workers, once each of them has its lab up."""
    profile, servers_per_lab = request.param
    command = [sys.executable, "-m", "pytest", "-m", "e2e", "--lab=netns", "--numprocesses=2"]
    command += [f"--profile={profile}", "tests/e2e"]
    run = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True)
    journals = Path(environment["XDG_STATE_HOME"]) / "edgeboot" / "journal"

    def labs_up() -> bool | None:
        return True if len(servers(journals)) >= 2 * servers_per_lab else None

    eventually("two labs", labs_up, Wait.SUITE_START, "see the run's output")
    return run


def servers(journals: Path) -> list[int]:
    """The process ids of dnsmasq in the namespaces that these journals name."""
    labs = [path.stem for path in journals.glob("*-gw*.jsonl")]
    inodes = {Path("/run/netns", name).stat().st_ino for name in namespaces_of(labs)}
    found = processes(lambda each: each.name == "dnsmasq" and each.network_namespace in inodes)
    return [process.pid for process in found]


def namespaces_of(runs: list[str]) -> list[str]:
    """The namespaces of these runs that still exist."""
    return [name for name in netns.listnetns() if any(each in name for each in runs)]


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_ended_run_cleans_up_itself(
    ending: signal.Signals, running_suite: subprocess.Popen[str], environment: dict[str, str]
) -> None:
    """After SIGINT or SIGTERM everything is removed when the run has ended."""
    journals = Path(environment["XDG_STATE_HOME"]) / "edgeboot" / "journal"
    runs = [path.stem for path in journals.glob("*.jsonl")]
    os.kill(running_suite.pid, ending)
    running_suite.communicate(timeout=60)
    assert running_suite.returncode == pytest.ExitCode.INTERRUPTED
    assert namespaces_of(runs) == []
    assert list(journals.glob("*.jsonl")) == []


def test_machine_that_an_earlier_run_could_not_put_back_stops_no_run(
    environment: dict[str, str], run_suite: RunSuite
) -> None:
    """A BMC that is away for a week is told in each run, and is in no lab's way."""
    journal = Path(environment["XDG_STATE_HOME"]) / "edgeboot" / "journal" / "a1b2c3-main.jsonl"
    journal.parent.mkdir(parents=True)
    journal.write_text(STUCK, encoding="utf-8")
    run = run_suite("tests/e2e/test_offer.py", "-k", "address_of_the_pool")
    assert run.status == 0, run.output
    assert "an earlier run has left at a site: machine node-9: was asked to power off" in run.output
    assert journal.exists()


def test_killed_run_is_cleaned_up_afterwards(
    running_suite: subprocess.Popen[str], environment: dict[str, str]
) -> None:
    """After SIGKILL the journals name what is left, and clean() removes namespaces and servers."""
    journals = Path(environment["XDG_STATE_HOME"]) / "edgeboot" / "journal"
    runs = [path.stem for path in journals.glob("*.jsonl")]
    os.kill(running_suite.pid, signal.SIGKILL)
    running_suite.communicate(timeout=60)

    def cleaned() -> bool | None:
        clean(journals)
        return True if not namespaces_of(runs) and not list(journals.glob("*.jsonl")) else None

    eventually("the workers' end", cleaned, Wait.SUITE_START, "look for pytest processes")
    assert servers(journals) == []
