"""What came of a run, for a machine to read: one JSON file, the same whatever became of the run."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Final

from edgeboot.base.errors import UsageError

SCHEMA: Final = 1
"""Raised when a field changes its meaning or goes; not when one is added."""
_CAUSE: Final = re.compile(r"likely cause: (.+)")
_INTERRUPTED, _LAB, _USAGE, _NO_TESTS = 2, 3, 4, 5


class Meaning(Enum):
    """What an exit status says of the server under test, and of the run."""

    PASSED = "passed"
    FAILED = "failed tests"
    INTERRUPTED = "interrupted"
    LAB = "lab could not come up"
    """Or broke in mid-run; nothing was verified."""
    USAGE = "usage error"
    NOTHING = "no test was run"
    INTERNAL = "internal error"
    UNFINISHED = "running, or killed"
    """Written at the start, so that nobody reads an earlier run's file as this one's."""


class Ending(Enum):
    """How a part of a test ended; the names are those of ``Counts``."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "errors"
    """Before or after the test itself."""
    SKIPPED = "skipped"
    DEFECT = "known_defects"
    """Failed, as its contract says that it does."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tests ended in each way."""

    passed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    known_defects: int = 0

    def plus(self, ending: Ending) -> Counts:
        """One more."""
        return replace(self, **{ending.value: getattr(self, ending.value) + 1})

    @property
    def run(self) -> int:
        """Those that said something of the server."""
        return self.passed + self.failed + self.errors + self.known_defects


@dataclass(frozen=True, slots=True)
class Failure:
    """A test that failed, or what could not be brought up or taken down for it."""

    test: str
    """pytest's node id."""
    phase: str
    """``call``; ``setup`` and ``teardown`` for an error, ``collect`` for a file that cannot be read."""
    headline: str
    cause: str | None
    """File, line and words of what is likely to be mended, where the suite knows."""
    evidence: str | None
    """The directory with capture.pcap, server.log and report.txt."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is verified, where, and against what."""

    run: str
    lab: str
    lab_reason: str
    profile: str
    contract: str


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that is told of a run; what is not known, or has not been, is None."""

    started: datetime
    ended: datetime | None = None
    status: int | None = None
    """The exit status."""
    meaning: Meaning = Meaning.UNFINISHED
    subject: Subject | None = None
    """None after a usage error."""
    server: str | None = None
    """What the server under test says it is."""
    changed: str | None = None
    """What of the machine or site was found, and changed for the time of the run."""
    error: str | None = None
    """Why the run ended before its last test: the lab's first error, or what cannot be used."""
    counts: Counts = Counts()
    failures: tuple[Failure, ...] = ()

    def at_its_end(self, status: int, when: datetime) -> Result:
        """With the exit status, and what that means."""
        return replace(self, status=status, ended=when, meaning=meaning(status, self))

    def encode(self) -> str:
        """As JSON; times are ISO 8601."""
        told = asdict(self)
        subject = told.pop("subject") or dict.fromkeys(Subject.__annotations__)
        times = {name: at and at.isoformat(timespec="seconds") for name, at in self._times.items()}
        fields = {"schema": SCHEMA} | subject | told | times | {"meaning": self.meaning.value}
        return json.dumps(fields, indent=2, ensure_ascii=False) + "\n"

    @property
    def _times(self) -> dict[str, datetime | None]:
        return {"started": self.started, "ended": self.ended}

    def write(self, path: Path) -> None:
        """Write the file at once, or leave the old one; its directory is made.

        Raises:
            UsageError: it cannot be written.
        """
        beside = path.with_name(f".{path.name}-{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(self.encode(), encoding="utf-8")
            beside.replace(path)
        except OSError as error:
            beside.unlink(missing_ok=True)
            problem = f"cannot be written ({error.strerror})"
            raise UsageError(f"--result {path}", problem, "name a file that may be written") from error


def meaning(status: int, result: Result) -> Meaning:
    """What the exit status of a run means; 3 is the lab's only where the lab has said why."""
    match status:
        case 0:
            return Meaning.PASSED if result.counts.run else Meaning.NOTHING
        case 1:
            return Meaning.FAILED
        case 2:
            return Meaning.INTERRUPTED
        case 3 if result.error is not None:
            return Meaning.LAB
        case 4:
            return Meaning.USAGE
        case 5:
            return Meaning.NOTHING
        case _:
            return Meaning.INTERNAL


def failure(test: str, phase: str, message: str, evidence: str | None = None) -> Failure:
    """A failure by its message: the first line is the headline, and a likely cause may be in any."""
    found = _CAUSE.search(message)
    lines = message.strip().splitlines() or ["no message"]
    headline = lines[0].removeprefix("AssertionError: ")
    return Failure(test, phase, headline, found.group(1).strip() if found else None, evidence)


def now() -> datetime:
    """To the second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)
