"""What the evidence and the report of a run cost, as a part of that run's own time.

usage: python benchmarks/evidence_cost.py [PYTEST-ARGUMENT ...]

It runs the suite against a lease of eleven hours, in one process, and adds up the time of the functions
that keep evidence. Both are of one run, so that a busy machine changes the ratio little.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final

import pytest

from edgeboot.base.paths import PROJECT
from tests.faults.causes import config_change

LIMIT: Final = 0.05
"""The part of a run's time that evidence may take."""
_MEASURED: Final = {
    "fixtures.evidence": ("_keep", "_keep_passed"),
    "fixtures.lab": ("_keep_place",),
    "fixtures.verdict": ("_kept",),
}
_spent = {"seconds": 0.0}


def _timed(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def measured(*arguments: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            _spent["seconds"] += time.perf_counter() - began

    return measured


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart() -> None:
    """As a plugin of the run: put a clock around what keeps evidence."""
    _spent["began"] = time.perf_counter()
    for name, functions in _MEASURED.items():
        module = sys.modules[name]
        for function in functions:
            setattr(module, function, _timed(getattr(module, function)))


def pytest_unconfigure() -> None:
    """Say what it has taken."""
    whole = time.perf_counter() - _spent["began"]
    print(f"\nevidence: {_spent['seconds']:.2f} s of {whole:.2f} s, {_spent['seconds'] / whole:.1%}")


def main(arguments: list[str]) -> int:
    """Run the suite; 1 if the evidence takes more than it may."""
    with tempfile.TemporaryDirectory() as directory:
        setup = config_change(",12h", ",11h").prepare("poc-fixed", Path(directory))
        command = [sys.executable, "-m", "pytest", "-p", "benchmarks.evidence_cost", "-m", "e2e", "-n", "0"]
        command += [
            "--lab=netns",
            "--profile=poc-fixed",
            f"--evidence={directory}/evidence",
            *setup.arguments,
        ]
        run = subprocess.run([*command, *arguments], cwd=PROJECT, capture_output=True, text=True, check=False)
    print(run.stdout[-400:])
    part = float(run.stdout.rpartition(", ")[2].strip().rstrip("%")) / 100
    return int(part > LIMIT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
