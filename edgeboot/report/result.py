"""The result of a run for a machine to read: one JSON object with the same fields however the run ended."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

from edgeboot.base.destination import writing
from edgeboot.base.errors import UsageError
from edgeboot.report.advisories import Advice
from edgeboot.report.latencies import Latency
from edgeboot.report.meaning import Meaning, meaning
from edgeboot.report.not_run import NotRunTests
from edgeboot.report.outcomes import Counts, SeenDefect, TestResult
from edgeboot.report.provenance import Provenance
from edgeboot.report.recorded_failure import Failure
from edgeboot.report.secrets import without_secrets
from edgeboot.report.seen import Seen
from edgeboot.report.storm.record import StormRecord
from edgeboot.report.triage import Triage
from edgeboot.report.unstated import NotStated

SCHEMA: Final = 3
"""Raised when a field changes its meaning or goes, not when one is added; docs/result.schema.json has all."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is verified, where, and against what."""

    run: str
    lab: str
    lab_reason: str
    profile: str
    contract: str
    options: tuple[str, ...] = ()
    """Further options that decide what is verified, as on a command line: ``--NAME=VALUE``."""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self | None:
        """Of a result's object; None after a usage error."""
        if data["run"] is None:
            return None
        texts = {name: _text(data, name) for name in cls.__annotations__ if name != "options"}
        return cls(**texts, options=tuple(data["options"]))


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
    segment: str | None = None
    """The name of the segment that was to be verified; None where it has none."""
    server: str | None = None
    """The version of the server under test, as it states it."""
    changed: str | None = None
    """What of the machine or site was changed for the time of the run."""
    error: str | None = None
    """Why the run ended before its last test: the lab's first error, or what cannot be used."""
    counts: Counts = field(default_factory=Counts)
    failures: tuple[Failure, ...] = ()
    not_stated: tuple[NotStated, ...] = ()
    """Clients that the contract does not name, and what they would boot."""
    tests: tuple[TestResult, ...] = ()
    """Every test, in the order in which they began to report."""
    not_run: tuple[NotRunTests, ...] = ()
    """Tests that were left out, by the reason."""
    triage: Triage | None = None
    """None where the run had none, or did not come to its end."""
    advisories: tuple[Advice, ...] = ()
    known_defects: tuple[SeenDefect, ...] = ()
    latencies: tuple[Latency, ...] = ()
    """How soon offers came."""
    storms: tuple[StormRecord, ...] = ()
    provenance: Provenance | None = None
    """None after a usage error."""
    seen: Seen = field(default_factory=Seen)
    """What a report shows beside the failures."""

    def at_its_end(self, status: int, when: datetime) -> Result:
        """With the exit status, and what that means."""
        means = meaning(status, tests_run=self.counts.run, error=self.error)
        return replace(self, status=status, ended=when, meaning=means)

    def encode(self) -> str:
        """As JSON, without secrets; times are ISO 8601."""
        subject = asdict(self.subject) if self.subject else dict.fromkeys(Subject.__annotations__)
        fields = {
            "schema": SCHEMA,
            **subject,
            "segment": self.segment,
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
            "not_run": [each.to_json() for each in self.not_run],
            "triage": self.triage and self.triage.to_json(),
            "advisories": [asdict(each) for each in self.advisories],
            "known_defects": [asdict(each) for each in self.known_defects],
            "latencies": [each.to_json() for each in self.latencies],
            "storms": [each.to_json() for each in self.storms],
            "provenance": self.provenance and asdict(self.provenance),
            "seen": None if self.seen == Seen() else self.seen.to_json(),
        }
        return without_secrets(json.dumps(fields, indent=2, ensure_ascii=False)) + "\n"

    @classmethod
    def decode(cls, text: str) -> Self:
        """What ``encode`` wrote.

        Raises:
            UsageError: it is of another schema.
        """
        data = json.loads(text)
        if data.get("schema") != SCHEMA:
            problem = f"is of schema {data.get('schema')}, where {SCHEMA} is read"
            raise UsageError("result file", problem, "read it with the version of edgeboot that wrote it")
        return cls(
            started=_time(data["started"]),
            ended=data["ended"] and _time(data["ended"]),
            status=data["status"],
            meaning=Meaning(data["meaning"]),
            subject=Subject.from_json(data),
            # Older results have none, nor storms.
            segment=None if data.get("segment") is None else _text(data, "segment"),
            server=data["server"],
            changed=data["changed"],
            error=data["error"],
            counts=Counts(**data["counts"]),
            failures=tuple(map(Failure.from_json, data["failures"])),
            not_stated=tuple(NotStated(**each) for each in data["not_stated"]),
            tests=tuple(map(TestResult.from_json, data["tests"])),
            not_run=tuple(map(NotRunTests.from_json, data["not_run"])),
            triage=data["triage"] and Triage.from_json(data["triage"]),
            advisories=tuple(Advice(**each) for each in data["advisories"]),
            known_defects=tuple(SeenDefect(**each) for each in data["known_defects"]),
            latencies=tuple(map(Latency.from_json, data["latencies"])),
            storms=tuple(map(StormRecord.from_json, data.get("storms", ()))),
            provenance=data["provenance"] and Provenance(**data["provenance"]),
            seen=Seen() if data["seen"] is None else Seen.from_json(data["seen"]),
        )

    def write(self, path: Path) -> None:
        """Write the file at once, or leave the old one; its directory is made.

        Raises:
            UsageError: it cannot be written.
        """
        if path.exists() and not (path.is_file() or path.is_dir()):  # Such as /dev/stdout.
            raise UsageError(f"--result {path}", "is no regular file", "name one: it is replaced")
        beside = path.with_name(f".{path.name}-{os.getpid()}")
        with writing(path, "--result"):
            try:
                # A path may have octets that are no UTF-8; JSON writes them in the same way.
                beside.write_text(self.encode(), encoding="utf-8", errors="backslashreplace")
                beside.replace(path)
            finally:
                with suppress(OSError):
                    beside.unlink(missing_ok=True)


def read_result(path: Path) -> Result | None:
    """The result in a file; None where the run was killed before it wrote one.

    Raises:
        UsageError: it cannot be read, is damaged, or is of another schema.
    """
    if not path.exists():
        return None
    try:
        return Result.decode(path.read_text(encoding="utf-8"))
    except UsageError as error:
        raise UsageError(str(path), error.problem, error.hint) from None
    except OSError as error:
        raise UsageError(str(path), f"cannot be read ({error.strerror})", "name another run") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        problem = f"is no result, or a damaged one ({type(error).__name__}: {error})"
        raise UsageError(str(path), problem, "name another run") from None


def now() -> datetime:
    """To the second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)


def _text(data: Mapping[str, Any], name: str) -> str:
    """Raises TypeError where it is none: results are put in order by it."""
    text = data[name]
    if not isinstance(text, str):
        raise TypeError(f"{name} is {text!r}, and no text")
    return text


def _time(text: str) -> datetime:
    """Raises ValueError where it has no zone: it could not be compared with another."""
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"{text} names no time zone")
    return time


def _iso(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat(timespec="seconds")
