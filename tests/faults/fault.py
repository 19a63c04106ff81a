"""What a known-bad server or segment is: how it is made, and what the suite must say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Protocol


class Group(Enum):
    """Where the fault lies; the chapters of docs/faults.md."""

    CONFIGURATION = "dnsmasq configuration"
    DEPLOYMENT = "Pod and manifest"
    BEHAVIOUR = "Server misbehaviour"
    SEGMENT = "Segment"
    SCALE = "Scale"
    BOOT = "PXE and TFTP"


@dataclass(frozen=True, slots=True)
class Setup:
    """What a run of the suite is given to meet a fault."""

    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


class Cause(Protocol):
    """A way to break something."""

    def prepare(self, profile: str, directory: Path) -> Setup:
        """Write what it needs into ``directory``; what the run is to be given.

        Raises:
            ValueError: what it changes is not there to be changed.
        """


MALFORMED = ("test_malformed_messages.py", "test_generated_messages.py")
"""Not in a run unless named: hundreds of cases that only a server's parser can fail."""
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
    """What is wrong, for who looks at the server."""
    symptom: str
    """What an operator sees of it."""
    causes: tuple[Cause, ...]
    caught_by: Mapping[str, str] = field(default_factory=dict)
    """The tests that are there for it, and a pattern that their message must hold."""
    also_failing: tuple[str, ...] = ()
    """Tests that cannot but fail along with those."""
    refusal: str | None = None
    """Where no lab comes up: a pattern of the one line that ends the run."""
    files: tuple[str, ...] = ()
    """The files of tests/e2e that can see it; by default all but the malformed messages'."""
    profile: str = "poc-fixed"
    lab: str = "netns"
    options: tuple[str, ...] = ()
    """More of pytest's command line."""
    sampled: bool = False
    """Whether it is one of those that every run of CI meets."""

    @property
    def expected(self) -> frozenset[str]:
        """Every test that must fail."""
        return frozenset({*self.caught_by, *self.also_failing})
