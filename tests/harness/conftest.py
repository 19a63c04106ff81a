"""Fixtures that run the suite as its users do, in a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from edgeboot.base.paths import MANIFESTS, PROJECT
from fixtures.libvirt_daemon import libvirt_daemon
from fixtures.site_network import site_client, site_network
from tests.harness.suite import ConfigChanger, Run, RunSuite, own_environment

__all__ = ["libvirt_daemon", "site_client", "site_network"]
"""Fixtures of no test but these, which the root's conftest.py does not load for them."""

POC_CONFIG = MANIFESTS / "dhcp-server" / "base" / "dnsmasq.conf"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A user's environment with its own state directory, without options of pytest or the suite."""
    return own_environment() | {"XDG_STATE_HOME": str(tmp_path / "state"), "COLUMNS": "600"}


@pytest.fixture
def run_suite(environment: dict[str, str], tmp_path: Path) -> RunSuite:
    """Runs the e2e suite with the given arguments, by default in one process and for at most 100 s."""

    def run(*arguments: str, workers: int = 0, timeout: float = 100, lab: str | None = "netns") -> Run:
        command = [sys.executable, "-m", "pytest", "-m", "e2e", f"--numprocesses={workers}"]
        command += [] if lab is None else [f"--lab={lab}"]
        finished = subprocess.run(
            [*command, f"--evidence={tmp_path / 'evidence'}", *arguments],
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
        )
        return Run(finished.returncode, finished.stdout + finished.stderr)

    return run


@pytest.fixture
def changed_config(tmp_path: Path) -> ConfigChanger:
    """Copies a dnsmasq.conf, by default the proof of concept's, and replaces one text; the copy's path."""

    def change(old: str, new: str, config: Path = POC_CONFIG) -> Path:
        text = config.read_text()
        assert old in text, f"{config} has no {old!r}"
        path = tmp_path / "candidate.conf"
        path.write_text(text.replace(old, new))
        return path

    return change


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """Makes runs receive SIGINT, which a shell's background job and its children ignore."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
