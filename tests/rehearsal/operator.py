"""An operator who verifies the site with a kubeconfig and an interface name, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.paths import PROJECT
from tests.harness.suite import Run, own_environment
from tests.rehearsal.journal_lines import outstanding
from tests.rehearsal.site import Site

Note = Callable[[str, str], None]
"""Records a text for the page, under a heading."""
SHORT_RUN: Final = "tests/e2e/test_who_answers.py"
"""Few tests, but everything else that a run does on a site."""


_CAPABILITIES: Final = ("-all", "+net_raw", "+net_admin")


def limit_capabilities() -> list[str]:
    """A command prefix that leaves CAP_NET_ADMIN and CAP_NET_RAW; empty if the user does not own PROJECT."""
    if PROJECT.stat().st_uid != os.geteuid():
        return []  # Root needs CAP_DAC_OVERRIDE to write into this checkout.
    kept = ",".join(_CAPABILITIES)
    return ["setpriv", f"--inh-caps={kept}", f"--bounding-set={kept}"]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Extra arguments and a wrapper command for one operator's run."""

    arguments: tuple[str, ...] = ()
    """Arguments of pytest; of a repeated option the last one counts."""
    wrapper: tuple[str, ...] = ()
    """A command that runs the suite's command, such as unshare."""


@dataclass(frozen=True)
class Operator:
    """One user with two capabilities, and a directory for journals and evidence."""

    site: Site
    directory: Path

    @property
    def journals(self) -> list[Path]:
        """Journals of runs that are alive, or were killed and not cleaned up."""
        return sorted((self.directory / "state" / "edgeboot" / "journal").glob("*.jsonl"))

    @contextmanager
    def started(self, options: RunOptions = RunOptions()) -> Iterator[subprocess.Popen[bytes]]:
        """Start a short but complete run of the suite in its own process; killed when the context ends."""
        suite = [*limit_capabilities(), sys.executable, "-m", "pytest", "-m", "e2e", "--lab=orchestrator"]
        with self._output.open("w") as output:
            process = subprocess.Popen(
                [
                    *options.wrapper,
                    *suite,
                    f"--evidence={self.directory / 'evidence'}",
                    *options.arguments,
                    SHORT_RUN,
                ],
                cwd=PROJECT,
                env=self._environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def run(self, options: RunOptions = RunOptions()) -> Run:
        """Run the suite to its end."""
        with self.started(options) as process:
            return self.ended(process)

    def ended(self, process: subprocess.Popen[bytes]) -> Run:
        """Wait for the end of a run that was started."""
        status = process.wait(timeout=100)
        return Run(status, self._output.read_text(encoding="utf-8"))

    def await_midway(self) -> None:
        """Wait until a node of the run has a lease."""

        def midway() -> bool | None:
            return True if "DHCP lease" in outstanding(self.journals) else None

        eventually("the run midway", midway, Wait.CLUSTER, f"see {self._output}")

    def clean(self) -> Run:
        """Run ``edgeboot clean``, as an operator does after a killed run."""
        command = [*limit_capabilities(), sys.executable, "-m", "edgeboot.cli.main", "clean"]
        finished = subprocess.run(
            command, cwd=PROJECT, env=self._environment, capture_output=True, text=True, check=False
        )
        return Run(finished.returncode, finished.stdout + finished.stderr)

    @property
    def _output(self) -> Path:
        return self.directory / "output"

    @property
    def _environment(self) -> dict[str, str]:
        own = {"XDG_STATE_HOME": str(self.directory / "state"), "COLUMNS": "600"}
        return own_environment() | own | self.site.operator_environment
