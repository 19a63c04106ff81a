"""A kind lab that is killed at any moment is cleaned up: the host is unchanged."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from pyroute2 import netns

from edgeboot.base.paths import PROJECT

pytestmark = pytest.mark.kind_harness

SEED: Final = 20261123
MOMENTS: Final = tuple(round(random.Random(SEED).uniform(low, low + 4), 1) for low in range(1, 33, 4))  # noqa: S311
COMMANDS: Final[dict[str, list[str]]] = {
    "containers": ["docker", "ps", "--all", "--format", "{{.Names}}"],
    "docker networks": ["docker", "network", "ls", "--format", "{{.Name}}"],
    "links": ["ip", "-oneline", "link", "show"],
    "firewall": ["iptables", "-w", "-S", "FORWARD"],
    "libvirt networks": ["virsh", "--quiet", "net-list", "--all"],
}

HostState = Callable[[], dict[str, list[str]]]


@pytest.fixture
def host() -> HostState:
    """Lists everything on this host of the kinds that the lab creates."""

    def list_all() -> dict[str, list[str]]:
        host_state = {}
        for name, command in COMMANDS.items():
            output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            lines = [line.split(":")[1] if name == "links" else line for line in output.splitlines()]
            # libvirtd creates its chains with its first network; tools/kind-lab removes them.
            host_state[name] = sorted(line for line in lines if "-j LIBVIRT_" not in line)
        return host_state

    return list_all


@pytest.mark.parametrize("moment", MOMENTS, ids="after {} s".format)
def test_killed_kind_lab_is_cleaned_up(moment: float, environment: dict[str, str], host: HostState) -> None:
    """After SIGKILL and edgeboot clean the host is unchanged and no namespace has the run's name."""
    before = host()
    command = [sys.executable, "-m", "pytest", "-m", "e2e", "--lab=kind", "--cluster-name=edgeboot-killed"]
    command.append("tests/e2e/test_who_answers.py")
    run = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL)
    try:
        run.wait(moment)
    except subprocess.TimeoutExpired:
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
    killed = [path.stem for path in Path(environment["XDG_STATE_HOME"]).glob("edgeboot/journal/*.jsonl")]
    clean = [sys.executable, "-m", "edgeboot.cli.main", "clean"]
    cleaned = subprocess.run(clean, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert cleaned.returncode == 0, cleaned.stdout + cleaned.stderr
    assert host() == before, cleaned.stdout
    left = [name for name in netns.listnetns() if any(run in name for run in killed)]
    assert left == [], f"expected no namespace of {killed}, found {left}; {cleaned.stdout}"
