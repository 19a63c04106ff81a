"""Who verifies the site: he has a kubeconfig and an interface, and knows nothing else of it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edgeboot.base.paths import PROJECT
from tests.harness.suite import Run, own_environment
from tests.rehearsal.site import Site

Note = Callable[[str, str], None]
"""Keeps what the page tells of a test, under a heading."""
SHORT: Final = "tests/e2e/test_who_answers.py"
"""A run with everything a run does on a site, and few tests."""


_TWO_CAPABILITIES: Final = ("-all", "+net_raw", "+net_admin")


def confined() -> list[str]:
    """What leaves a command CAP_NET_ADMIN and CAP_NET_RAW only, where this checkout is its user's own."""
    if PROJECT.stat().st_uid != os.geteuid():
        return []  # Root needs its others to write in here.
    kept = ",".join(_TWO_CAPABILITIES)
    return ["setpriv", f"--inh-caps={kept}", f"--bounding-set={kept}"]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What he says beside what every stranger says."""

    arguments: tuple[str, ...] = ()
    """Of pytest; the last one counts."""
    within: tuple[str, ...] = ()
    """The command that runs his command, such as unshare."""


@dataclass(frozen=True)
class Operator:
    """One user, with two capabilities, and a directory of his own for journals and evidence."""

    site: Site
    directory: Path

    @property
    def journals(self) -> list[Path]:
        """Of his runs that live, or were killed and not cleaned up after."""
        return sorted((self.directory / "state" / "edgeboot" / "journal").glob("*.jsonl"))

    @contextmanager
    def at_work(self, given: RunOptions = RunOptions()) -> Iterator[subprocess.Popen[bytes]]:
        """A run of the suite, short but whole, in a process of its own; killed when the context ends."""
        suite = [*confined(), sys.executable, "-m", "pytest", "-m", "e2e", "--lab=orchestrator"]
        with self._said.open("w") as said:
            process = subprocess.Popen(
                [*given.within, *suite, f"--evidence={self.directory / 'evidence'}", *given.arguments, SHORT],
                cwd=PROJECT,
                env=self._environment,
                stdout=said,
                stderr=subprocess.STDOUT,
            )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def run(self, given: RunOptions = RunOptions()) -> Run:
        """A run, to its end."""
        with self.at_work(given) as process:
            status = process.wait(timeout=100)
        return Run(status, self._said.read_text(encoding="utf-8"))

    def clean(self) -> Run:
        """What the operator does after a run was killed."""
        command = [*confined(), sys.executable, "-m", "edgeboot.cli.main", "clean"]
        finished = subprocess.run(
            command, cwd=PROJECT, env=self._environment, capture_output=True, text=True, check=False
        )
        return Run(finished.returncode, finished.stdout + finished.stderr)

    @property
    def _said(self) -> Path:
        return self.directory / "said"

    @property
    def _environment(self) -> dict[str, str]:
        own = {"XDG_STATE_HOME": str(self.directory / "state"), "COLUMNS": "600"}
        return own_environment() | own | self.site.given
