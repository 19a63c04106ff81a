"""A killed run leaves its virtual machine running; the next cleanup ends it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.paths import PROJECT
from edgeboot.host.processes import Process, processes
from edgeboot.machines.qemu.process import VirtualMachine

pytestmark = pytest.mark.machine

_TEST: Final = "tests/e2e/test_machine_stages.py"


_SECOND: Final = os.sysconf("SC_CLK_TCK")


@pytest.fixture
def killed_run(environment: dict[str, str]) -> str:
    """The title of the machine of a run that was killed while firmware was executed."""
    command = [sys.executable, "-m", "pytest", "-m", "machine", "--lab=netns", "--numprocesses=0", _TEST]
    run = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL)
    journals = Path(environment["XDG_STATE_HOME"]) / "edgeboot" / "journal"

    def executing() -> str | None:
        return next((title for title in _titles(journals) if any(map(_computes, _with(title)))), None)

    try:
        return eventually("a virtual machine", executing, Wait.SUITE_START, "see the run's output")
    finally:
        run.kill()
        run.wait()


def _titles(journals: Path) -> Iterator[str]:
    """Of the virtual machines that journals name."""
    for path in journals.glob("*.jsonl"):
        for entry in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            if entry["kind"] == VirtualMachine.kind:
                yield entry["fields"]["name"]


def _with(title: str) -> list[Process]:
    """The processes of a machine; one that has ended has no command line."""
    return list(processes(lambda each: f"guest={title}" in each.command))


def _computes(process: Process) -> bool:
    """Whether it has for a second: firmware that stands still with KVM ends long before."""
    times = (process.directory / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return int(times[11]) >= _SECOND


def _cleaned(environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "edgeboot.cli.main", "clean"]
    run = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True)
    return run.stdout


def test_machine_of_a_killed_run_ends_with_the_next_cleanup(
    killed_run: str, environment: dict[str, str]
) -> None:
    """QEMU outlives who started it: its cable would be an edge node's that nobody has plugged in."""
    assert _with(killed_run)
    assert f"removed {VirtualMachine(killed_run)}\n" in _cleaned(environment)
    assert not _with(killed_run)
    assert _cleaned(environment) == "nothing was left behind\n"
