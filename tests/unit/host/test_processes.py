"""Looking through /proc: this process is found by each thing that is known of it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from edgeboot.host.processes import Process, processes

NETWORK = Path("/proc/self/ns/net").stat().st_ino


@pytest.mark.parametrize(
    "matches",
    [
        lambda each: each.parent == os.getppid() and each.pid == os.getpid(),
        lambda each: each.network_namespace == NETWORK and each.pid == os.getpid(),
        lambda each: "-c" in each.command or "pytest" in " ".join(each.command),
        lambda each: each.name == Path("/proc/self/comm").read_text(encoding="utf-8").strip(),
        lambda each: each.cgroup == Path("/proc/self/cgroup").read_text(encoding="utf-8"),
    ],
    ids=["parent", "network namespace", "command", "name", "cgroup"],
)
def test_process_is_found(matches: Callable[[Process], bool]) -> None:
    """By its number at last."""
    assert Process(os.getpid()) in list(processes(matches))


def test_process_that_ends_meanwhile_is_left_out() -> None:
    """Whoever looks at it then gets OSError, which is no reason to stop looking."""
    with subprocess.Popen(["sleep", "1000"]) as sleeper:
        [found] = processes(lambda each: each.pid == sleeper.pid)
        found.send(signal.SIGKILL)
    assert list(processes(lambda each: each.pid == sleeper.pid or each.parent == sleeper.pid)) == []
    with pytest.raises(OSError, match=str(sleeper.pid)):
        _ = found.command
