"""The embedded lab needs root, or a kernel that allows user namespaces."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from edgeboot.base.paths import PROJECT

pytestmark = pytest.mark.harness

RunWith = Callable[..., subprocess.CompletedProcess[str]]
TESTS = [
    "tests/e2e/test_boot.py::test_reply_names_the_next_server[offer]",
    "tests/e2e/test_boot_file.py::test_tftp_and_http_serve_the_same_boot_file",
]


@pytest.fixture
def run_with(environment: dict[str, str]) -> RunWith:
    """Runs two e2e tests with only the named capabilities."""

    def run(*capabilities: str, arguments: list[str] = TESTS) -> subprocess.CompletedProcess[str]:
        kept = ",".join(("-all", *(f"+{name}" for name in capabilities)))
        confine = ["setpriv", f"--bounding-set={kept}", "--inh-caps=-all"] if os.geteuid() == 0 else []
        command = [*confine, sys.executable, "-m", "pytest", "--numprocesses=0", *arguments]
        return subprocess.run(
            command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
        )

    return run


def test_lab_comes_up_in_a_user_namespace(run_with: RunWith) -> None:
    """Without capabilities the lab uses a user namespace; the header says so."""
    # The kernel requires SETFCAP of root who maps itself into a user namespace.
    run = run_with("setfcap")
    assert run.returncode == 0, run.stdout
    assert "network namespaces made in a user namespace, without root" in run.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can take the right to a user namespace from itself")
def test_missing_rights_are_reported_in_one_line(run_with: RunWith) -> None:
    """If neither is possible, one line says so, with a hint."""
    run = run_with()
    assert run.returncode == 3, run.stdout
    assert "this process may make no network namespaces" in run.stdout
    assert "sysctl -w user.max_user_namespaces=10000" in run.stdout
    assert "Traceback" not in run.stdout


def test_profile_that_needs_a_second_user_is_refused_in_a_user_namespace(run_with: RunWith) -> None:
    """The ProxyDHCP serves files as user nobody, and a user namespace has one user: one line says so."""
    arguments = ["-m", "e2e", "--lab=netns", "--profile=proxydhcp", "tests/e2e/test_proxy_boot.py"]
    run = run_with("setfcap", arguments=arguments)
    assert run.returncode == 3, run.stdout
    assert "boot file ipxe.efi: cannot be given to user 65534, who serves it" in run.stdout
    assert "run as root: a user namespace has one user" in run.stdout
