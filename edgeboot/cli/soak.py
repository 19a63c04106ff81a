"""Repeated runs of the suite: a test that fails in one of many runs is flaky, and is counted."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from edgeboot.base.paths import PROJECT
from edgeboot.host.command import find_program
from edgeboot.report.outcomes import Outcome
from edgeboot.report.result import read_result
from edgeboot.server.dnsmasq.version import printed_version


@dataclass(frozen=True, slots=True)
class SoakRun:
    """One run of the suite."""

    status: int
    """pytest's exit status: 0 if nothing failed."""
    passed: int
    skipped: int
    defects: int
    """Known defects, which failed as they should."""
    failed: tuple[str, ...]
    """The tests that failed, by their names."""
    took: timedelta

    @classmethod
    def read(cls, status: int, file: Path, took: timedelta) -> SoakRun:
        """From the result file of a run; a run that wrote none counts no passed test."""
        result = read_result(file)
        tests = () if result is None else result.tests
        count = Counter(test.outcome for test in tests)
        failed = tuple(test.name for test in tests if test.failed)
        return cls(
            status,
            count[Outcome.PASSED],
            count[Outcome.SKIPPED],
            count[Outcome.KNOWN_DEFECT],
            failed,
            took,
        )

    @property
    def clean(self) -> bool:
        """Whether it exited with status 0 and no test failed."""
        return self.status == 0 and not self.failed

    def __str__(self) -> str:
        failed = ", ".join(self.failed) or ("none" if self.clean else f"exit status {self.status}")
        counted = f"{self.passed} | {self.defects} | {self.skipped}"
        return f"{counted} | {self.took.total_seconds():.1f} | {failed}"


def soak_runs(count: int, lab: str, profile: str) -> Iterator[SoakRun]:
    """Run the suite ``count`` times, each in a process of its own; a failed run does not stop the rest."""
    for _ in range(count):
        with tempfile.TemporaryDirectory(prefix="edgeboot-soak-") as name:
            result = Path(name) / "result.json"
            options = (f"--lab={lab}", f"--profile={profile}", f"--result={result}")
            command = [sys.executable, "-m", "pytest", "-m", "e2e", "-qq", *options, "tests/e2e"]
            began = time.monotonic()
            run = subprocess.run(command, cwd=PROJECT, stdout=subprocess.DEVNULL, check=False)
            yield SoakRun.read(run.returncode, result, timedelta(seconds=time.monotonic() - began))


@dataclass(frozen=True, slots=True)
class SoakEnvironment:
    """The machine, versions and options of the runs."""

    lab: str
    profile: str
    commit: str
    day: date
    cpus: int
    kernel: str
    python: str
    dnsmasq: str

    def __str__(self) -> str:
        run = f"Lab {self.lab}, profile {self.profile}, commit {self.commit}, {self.day}"
        versions = f"Linux {self.kernel}, Python {self.python}, dnsmasq {self.dnsmasq}"
        return f"{run}; {self.cpus} CPUs, {versions}"

    @classmethod
    def here(cls, lab: str, profile: str) -> SoakEnvironment:
        """Of this machine, at this time."""
        return cls(
            lab=lab,
            profile=profile,
            commit=_output("git", "rev-parse", "--short", "HEAD").strip(),
            day=datetime.now(UTC).date(),
            cpus=len(os.sched_getaffinity(0)),
            kernel=platform.release().split("-")[0],
            python=platform.python_version(),
            dnsmasq=printed_version(find_program("dnsmasq") or "dnsmasq") or "unknown",
        )


def record(runs: Sequence[SoakRun], environment: SoakEnvironment) -> str:
    """The runs as a page: a summary, and a line for each."""
    seconds = [soak_run.took.total_seconds() for soak_run in runs]
    unclean = sum(not soak_run.clean for soak_run in runs)
    lines = [
        f"# {len(runs)} runs of the suite, one after the other",
        "",
        "Written by `make soak`; do not edit. Each run is a process of its own, with its labs.",
        "",
        (
            f"**{len(runs)} runs, {unclean} with a failure**; median {statistics.median(seconds):.1f} s, "
            f"slowest {max(seconds):.1f} s."
        ),
        "",
        f"{environment}.",
        "",
        "| run | passed | known defects | skipped | seconds | failed |",
        "|---|---|---|---|---|---|",
        *(f"| {number} | {soak_run} |" for number, soak_run in enumerate(runs, start=1)),
        "",
    ]
    return "\n".join(lines)


def flakes(runs: Iterable[SoakRun]) -> tuple[str, ...]:
    """Every test that has failed at least once."""
    return tuple(sorted({name for soak_run in runs for name in soak_run.failed}))


def _output(*command: str) -> str:
    try:
        return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False).stdout
    except FileNotFoundError:
        return ""
