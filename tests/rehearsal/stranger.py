"""Who verifies the site: he has a kubeconfig and an interface, and knows nothing else of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edgeboot.paths import PROJECT
from tests.harness.suite import Run, own_environment
from tests.rehearsal.site import NAMESPACE, Site

Note = Callable[[str, str], None]
"""Keeps what the page tells of a test, under a heading."""
SHORT: Final = "tests/e2e/test_who_answers.py"
"""A run with everything a run does on a site, and few tests."""


@dataclass(frozen=True, slots=True)
class Given:
    """What he says beside what every stranger says."""

    arguments: tuple[str, ...] = ()
    """Of pytest; the last one counts."""
    within: tuple[str, ...] = ()
    """The command that runs his command, such as unshare."""


@dataclass(frozen=True)
class Stranger:
    """One user, with a directory of his own for journals and evidence."""

    site: Site
    directory: Path

    @property
    def journals(self) -> list[Path]:
        """Of his runs that live, or were killed and not cleaned up after."""
        return sorted((self.directory / "state" / "edgeboot" / "journal").glob("*.jsonl"))

    def start(self, given: Given = Given()) -> subprocess.Popen[str]:
        """A run of the suite, short but whole, in a process of its own."""
        suite = [sys.executable, "-m", "pytest", "-m", "e2e", "--lab=orchestrator"]
        return subprocess.Popen(
            [*given.within, *suite, f"--evidence={self.directory / 'evidence'}", *given.arguments, SHORT],
            cwd=PROJECT,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, given: Given = Given()) -> Run:
        """A run, to its end."""
        process = self.start(given)
        output, _ = process.communicate(timeout=100)
        return Run(process.returncode, output)

    def clean(self) -> Run:
        """What the operator does after a run was killed."""
        command = [sys.executable, "-m", "edgeboot.cli", "clean"]
        finished = subprocess.run(
            command, cwd=PROJECT, env=self._environment, capture_output=True, text=True, check=False
        )
        return Run(finished.returncode, finished.stdout + finished.stderr)

    @property
    def _environment(self) -> dict[str, str]:
        return own_environment() | {
            "XDG_STATE_HOME": str(self.directory / "state"),
            "COLUMNS": "600",
            "EDGEBOOT_KUBECONFIG": str(self.site.kubeconfig),
            "EDGEBOOT_NAMESPACE": NAMESPACE,
            "EDGEBOOT_INTERFACE": self.site.bridge,
        }
