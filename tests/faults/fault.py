"""An entry of the catalogue: a server or segment broken in a known way, and what the suite must report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Protocol


class Group(Enum):
    """What is broken; the chapters of docs/faults.md."""

    CONFIGURATION = "dnsmasq configuration"
    DEPLOYMENT = "Pod and manifest"
    BEHAVIOUR = "Server misbehaviour"
    SEGMENT = "Segment"
    SCALE = "Scale"
    BOOT = "PXE and TFTP"
    PUBLIC = "Public reports"


@dataclass(frozen=True, slots=True)
class Setup:
    """Arguments and environment that put a fault in place for a run of the suite."""

    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


class Cause(Protocol):
    """A way to inject a fault."""

    def prepare(self, profile: str, directory: Path) -> Setup:
        """Write the needed files into ``directory``; the arguments and environment of the run.

        Raises:
            ValueError: the text to replace is missing.
        """


MALFORMED = ("test_malformed_messages.py", "test_generated_messages.py")
"""Excluded from a run unless named: hundreds of cases that only a defect in a server's parser can fail."""
WHOLE = (".",)
"""All of tests/e2e, the malformed messages included."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One entry of the catalogue.

    Tests are named ``test_file.py::test_name``, with ``[case]`` where exactly that case must
    fail. All of ``caught_by`` and ``also_failing`` must fail, and nothing else.
    """

    name: str
    broken: str
    """What is wrong, as seen at the server."""
    symptom: str
    """What an operator sees of it."""
    causes: tuple[Cause, ...]
    caught_by: Mapping[str, str] = field(default_factory=dict)
    """The tests that detect it, each with a pattern that its message must match."""
    also_failing: tuple[str, ...] = ()
    """Tests that fail as a consequence, whatever their message."""
    refusal: str | None = None
    """If the lab must not come up: a pattern of the line that ends the run."""
    files: tuple[str, ...] = ()
    """The files of tests/e2e that can detect it; by default all except the malformed messages'."""
    profile: str = "poc-fixed"
    lab: str = "netns"
    options: tuple[str, ...] = ()
    """Further arguments of pytest."""
    sampled: bool = False
    """Whether it belongs to the sample that every CI run checks."""
    passes: int = 0
    """How many tests must pass at least: with fewer, a good server's contract deselects too many."""

    @property
    def expected(self) -> frozenset[str]:
        """Every test that must fail."""
        return frozenset({*self.caught_by, *self.also_failing})

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong: no test may fail."""
        return not self.expected and self.refusal is None
