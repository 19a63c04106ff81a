"""The result of a run for a machine to read: one JSON object with the same fields however the run ended."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any, Final, Self

from edgeboot.base.errors import UsageError
from edgeboot.report.findings import Finding
from edgeboot.report.unstated import NotStated

SCHEMA: Final = 2
"""Raised when a field changes its meaning or goes; not when one is added."""


class Meaning(Enum):
    """The meaning of an exit status for the server under test and for the run."""

    PASSED = "passed"
    FAILED = "failed tests"
    INTERRUPTED = "interrupted"
    LAB = "lab could not come up"
    """Or the lab broke during the run; nothing was verified."""
    USAGE = "usage error"
    NOTHING = "no test was run"
    INTERNAL = "internal error"
    UNFINISHED = "running, or killed"
    """Written at the start, so that an earlier run's file is not read as this run's."""


class Outcome(Enum):
    """How a test, or a phase of it, ended."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    """Before or after the test itself."""
    SKIPPED = "skipped"
    KNOWN_DEFECT = "known_defect"
    """Failed, as its contract states."""

    @property
    def counter(self) -> str:
        """The field of ``Counts``."""
        return {Outcome.ERROR: "errors", Outcome.KNOWN_DEFECT: "known_defects"}.get(self, self.value)


_WORST_FIRST: Final = (
    Outcome.FAILED,
    Outcome.ERROR,
    Outcome.KNOWN_DEFECT,
    Outcome.SKIPPED,
    Outcome.PASSED,
)


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test with its parameters."""

    __test__ = False  # Not a test class, whatever its name suggests to pytest.

    test: str
    """pytest's node id."""
    outcome: Outcome
    phase: str
    """Which phase decided: ``setup``, ``call`` or ``teardown``."""
    seconds: float
    """Of the phases so far."""

    @property
    def name(self) -> str:
        """The function with the parameters in brackets."""
        return self.test.partition("::")[2]

    @property
    def failed(self) -> bool:
        """Whether it failed, or had an error before or after."""
        return self.outcome in {Outcome.FAILED, Outcome.ERROR}

    def then(self, phase: TestResult) -> TestResult:
        """With a further phase of the test: the worse outcome, and the sum of the times."""
        worse = min(self, phase, key=lambda each: (_WORST_FIRST.index(each.outcome), each.phase != "call"))
        return replace(worse, seconds=self.seconds + phase.seconds)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tests ended in each way; one that fails and then has an error counts as both."""

    passed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    known_defects: int = 0

    def plus(self, outcome: Outcome) -> Counts:
        """Count one more test."""
        return replace(self, **{outcome.counter: getattr(self, outcome.counter) + 1})

    @property
    def run(self) -> int:
        """The number of tests with a result about the server."""
        return self.passed + self.failed + self.errors + self.known_defects


@dataclass(frozen=True, slots=True)
class Failure:
    """A test that failed, or what could not be brought up or taken down for it."""

    test: str
    """pytest's node id."""
    phase: str
    """``call``; ``setup`` and ``teardown`` for an error, ``collect`` for a file that cannot be read."""
    message: str
    """The exception as pytest prints it, whole."""
    evidence: str | None = None
    """The directory with capture.pcap, server.log and report.txt."""
    findings: tuple[Finding, ...] = ()
    """What the check compared, and why a message was not answered; empty for a check of another kind."""
    observed: tuple[Finding, ...] = ()
    """In what else the replies of the test differ from the contract."""

    @property
    def headline(self) -> str:
        """The message's first line."""
        first = next(iter(self.message.strip().splitlines()), "no message")
        return first.removeprefix("AssertionError: ")

    def to_json(self) -> dict[str, Any]:
        """An object; the headline is in it for readers that show one line."""
        return {
            "test": self.test,
            "phase": self.phase,
            "headline": self.headline,
            "message": self.message,
            "evidence": self.evidence,
            "findings": [finding.to_json() for finding in self.findings],
            "observed": [finding.to_json() for finding in self.observed],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """What ``to_json`` wrote."""
        findings, observed = (tuple(map(Finding.from_json, data[name])) for name in ("findings", "observed"))
        return cls(data["test"], data["phase"], data["message"], data["evidence"], findings, observed)


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
    """Machine-readable summary of a run; unknown fields are None."""

    started: datetime
    ended: datetime | None = None
    status: int | None = None
    """The exit status."""
    meaning: Meaning = Meaning.UNFINISHED
    subject: Subject | None = None
    """None after a usage error."""
    server: str | None = None
    """The version of the server under test, as it states it."""
    changed: str | None = None
    """What of the machine or site was changed for the time of the run."""
    error: str | None = None
    """Why the run ended before its last test: the lab's first error, or what cannot be used."""
    counts: Counts = Counts()
    failures: tuple[Failure, ...] = ()
    not_stated: tuple[NotStated, ...] = ()
    """Clients that the contract does not name, and what they would boot."""
    tests: tuple[TestResult, ...] = ()
    """Every test, in the order in which they began to report."""

    def at_its_end(self, status: int, when: datetime) -> Result:
        """With the exit status, and what that means."""
        return replace(self, status=status, ended=when, meaning=meaning(status, self))

    def encode(self) -> str:
        """As JSON; times are ISO 8601."""
        subject = asdict(self.subject) if self.subject else dict.fromkeys(Subject.__annotations__)
        fields = {
            "schema": SCHEMA,
            **subject,
            "started": _iso(self.started),
            "ended": _iso(self.ended),
            "status": self.status,
            "meaning": self.meaning.value,
            "server": self.server,
            "changed": self.changed,
            "error": self.error,
            "counts": asdict(self.counts),
            "failures": [failure.to_json() for failure in self.failures],
            "not_stated": [asdict(each) for each in self.not_stated],
            "tests": [asdict(each) | {"outcome": each.outcome.value} for each in self.tests],
        }
        return json.dumps(fields, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def decode(cls, text: str) -> Self:
        """What ``encode`` wrote.

        Raises:
            UsageError: it is of another schema.
        """
        data = json.loads(text)
        if data.get("schema") != SCHEMA:
            problem = f"schema {data.get('schema')} where {SCHEMA} is read"
            raise UsageError("result file", problem, "read it with the version of edgeboot that wrote it")
        subject = {name: data[name] for name in Subject.__annotations__}
        return cls(
            started=datetime.fromisoformat(data["started"]),
            ended=data["ended"] and datetime.fromisoformat(data["ended"]),
            status=data["status"],
            meaning=Meaning(data["meaning"]),
            subject=Subject(**subject) if subject["run"] else None,
            server=data["server"],
            changed=data["changed"],
            error=data["error"],
            counts=Counts(**data["counts"]),
            failures=tuple(map(Failure.from_json, data["failures"])),
            not_stated=tuple(NotStated(**each) for each in data.get("not_stated", ())),
            tests=tuple(TestResult(**each | {"outcome": Outcome(each["outcome"])}) for each in data["tests"]),
        )

    def write(self, path: Path) -> None:
        """Write the file at once, or leave the old one; its directory is made.

        Raises:
            UsageError: it cannot be written.
        """
        if path.exists() and not (path.is_file() or path.is_dir()):  # Such as /dev/stdout.
            raise UsageError(f"--result {path}", "is no regular file", "name one: it is replaced")
        beside = path.with_name(f".{path.name}-{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(self.encode(), encoding="utf-8")
            beside.replace(path)
        except OSError as error:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            problem = f"cannot be written ({error.strerror})"
            raise UsageError(f"--result {path}", problem, "name a file that may be written") from error


def meaning(status: int, result: Result) -> Meaning:
    """What the exit status of a run means; 3 is the lab's only where there is the lab's error."""
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


def read_result(path: Path) -> Result | None:
    """The result in a file; None where the run was killed before it wrote one."""
    return Result.decode(path.read_text(encoding="utf-8")) if path.exists() else None


def now() -> datetime:
    """To the second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)


def _iso(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat(timespec="seconds")
