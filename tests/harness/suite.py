"""A run of the suite, as tests of the harness see it."""

from __future__ import annotations

import re
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


@dataclass(frozen=True, slots=True)
class Change:
    """A changed line, the test that must fail and the words it must say."""

    name: str
    old: str
    new: str
    test: str
    says: str

    def is_named_by(self, run: Run) -> bool:
        """Whether the run failed with these words, and kept its evidence."""
        said = re.search(rf"^(FAILED|E  ).*{self.says}", run.output, re.MULTILINE)
        return run.status == 1 and said is not None and "capture.pcap" in run.output
