"""A run that is killed leaves nothing, and one that is ended cleans up itself."""

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
from edgeboot.labs.clean import clean
from edgeboot.machine.processes import processes

pytestmark = pytest.mark.harness


@pytest.fixture(params=[("poc", 1), ("proxydhcp", 2)], ids=["one server a lab", "a site's server beside it"])
def started(request: pytest.FixtureRequest, environment: dict[str, str]) -> subprocess.Popen[str]:
    """A run of the suite with two workers, caught when each of them has its lab up."""
    profile, each = request.param
    command = [sys.executable, "-m", "pytest", "-m", "e2e", "--lab=netns", "--numprocesses=2"]
    command += [f"--profile={profile}", "tests/e2e"]
    run = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True)
    journals = Path(environment["XDG_STATE_HOME"]) / "edgeboot" / "journal"

    def labs_up() -> bool | None:
        return True if len(servers(journals)) >= 2 * each else None

    eventually("two labs", labs_up, Wait.SUITE_START, "see the run's output")
    return run


def servers(journals: Path) -> list[int]:
    """The dnsmasq processes in the namespaces that these journals name."""
    labs = [path.stem for path in journals.glob("*-gw*.jsonl")]
    inodes = {Path("/run/netns", name).stat().st_ino for name in ours(labs)}
    found = processes(lambda each: each.name == "dnsmasq" and each.network_namespace in inodes)
    return [process.pid for process in found]


def ours(runs: list[str]) -> list[str]:
    """The namespaces of these journals' runs that still exist."""
    return [name for name in netns.listnetns() if any(each in name for each in runs)]


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_ended_run_cleans_up_itself(
    ending: signal.Signals, started: subprocess.Popen[str], environment: dict[str, str]
) -> None:
    """SIGTERM is handled as SIGINT: everything is gone when the run has ended."""
    journals = Path(environment["XDG_STATE_HOME"]) / "edgeboot" / "journal"
    runs = [path.stem for path in journals.glob("*.jsonl")]
    os.kill(started.pid, ending)
    started.communicate(timeout=60)
    assert started.returncode == pytest.ExitCode.INTERRUPTED
    assert ours(runs) == []
    assert list(journals.glob("*.jsonl")) == []


def test_killed_run_is_cleaned_up_afterwards(
    started: subprocess.Popen[str], environment: dict[str, str]
) -> None:
    """After SIGKILL the journals name what is left, and clean() removes it: no namespace, no server."""
    journals = Path(environment["XDG_STATE_HOME"]) / "edgeboot" / "journal"
    runs = [path.stem for path in journals.glob("*.jsonl")]
    os.kill(started.pid, signal.SIGKILL)
    started.communicate(timeout=60)

    def cleaned() -> bool | None:
        clean(journals)
        return True if not ours(runs) and not list(journals.glob("*.jsonl")) else None

    eventually("the workers' end", cleaned, Wait.SUITE_START, "look for pytest processes")
    assert servers(journals) == []
