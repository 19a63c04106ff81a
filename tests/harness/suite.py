"""A run of the suite, as tests of the harness see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Run:
    """How a run of the suite ended and what it printed."""

    status: int
    output: str


RunSuite = Callable[..., Run]
Changed = Callable[..., Path]
