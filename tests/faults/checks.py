"""The test functions of the suite, and the faults that proved each of them able to fail."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Mapping
from typing import Final

from edgeboot.base.paths import PROJECT
from edgeboot.labs.feature import Feature
from edgeboot.labs.registry import LABS
from tests.faults.outcome import FaultVerdict, without_case
from tests.harness.suite import own_environment

_PROFILES: Final = ("poc-fixed", "proxydhcp")
"""One profile per role: each test belongs to one role or to both."""


def checks(lab: str) -> frozenset[str]:
    """Every test function that faults of this lab must make fail, as ``test_file.py::test_name``."""
    # A test that needs no cluster is proven without one.
    kind = LABS[lab]
    has_cluster = Feature.KUBERNETES in kind.features(kind.defaults)
    markers = f"e2e and {'' if has_cluster else 'not '}{Feature.KUBERNETES.value}"
    runs = ((f"--lab={lab}", f"--profile={profile}", "-m", markers) for profile in _PROFILES)
    return frozenset().union(*map(collected, runs))


def collected(options: Iterable[str]) -> frozenset[str]:
    """The test functions that a run with these options collects."""
    command = [sys.executable, "-m", "pytest", "-m", "e2e", "--collect-only", "-q", "--numprocesses=0"]
    listed = subprocess.run(
        [*command, *options, "tests/e2e"],
        cwd=PROJECT,
        env=own_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    ids = (line for line in listed.stdout.splitlines() if "::" in line)
    return frozenset(without_case(node_id.removeprefix("tests/e2e/")) for node_id in ids)


def proving_faults(verdicts: Iterable[FaultVerdict]) -> Mapping[str, tuple[str, ...]]:
    """The test functions that failed as expected, each with the names of the faults it detected.

    A known defect of the profile counts as a fault: its test has failed because of it.
    """
    faults_of: dict[str, list[str]] = {}
    for result in verdicts:
        for test in sorted({without_case(name) for name in result.outcome.failed} if result.caught else ()):
            faults_of.setdefault(test, []).append(result.fault.name)
        for test in {without_case(name) for name in result.outcome.defects}:
            names = faults_of.setdefault(test, [])
            if "a known defect" not in names:
                names.append("a known defect")
    return {test: tuple(names) for test, names in sorted(faults_of.items())}
