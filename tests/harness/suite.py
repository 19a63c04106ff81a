"""A run of the suite in a process of its own, as tests of the harness see it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from edgeboot.report.github import SUMMARY_VARIABLE


@dataclass(frozen=True, slots=True)
class Run:
    """How a run of the suite ended and what it printed."""

    status: int
    output: str


def own_environment() -> dict[str, str]:
    """This process's environment without variables of pytest and the suite, nor a CI job's summary."""
    others = ("PYTEST_", "EDGEBOOT_", SUMMARY_VARIABLE)
    return {name: text for name, text in os.environ.items() if not name.startswith(others)}


RunSuite = Callable[..., Run]
ConfigChanger = Callable[..., Path]
