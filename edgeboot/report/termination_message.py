"""``--termination-message FILE``: the verdict as a container's last words, which its Pod's status keeps.

The kubelet takes at most 4,096 octets of /dev/termination-log (Kubernetes, "Determine the Reason for Pod
Failure"). Where the verdict is longer its last causes are left out, and how many is said.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Self

from edgeboot.base.destination import writing
from edgeboot.base.errors import UsageError
from edgeboot.report.meaning import Meaning
from edgeboot.report.result import Result
from edgeboot.report.secrets import without_secrets
from edgeboot.report.values import visible
from edgeboot.report.verdict.headline import HeadlineCause, Verdict

OPTION: Final = "--termination-message"
VERSION: Final = 1
LARGEST: Final = 4096
"""Octets that the kubelet keeps of it."""
_MOST: Final = LARGEST // len('{"title":"","suffers":"","tests":1}')
"""Causes that have room where their texts are empty."""
_TEXT: Final = 500
"""Octets of one text at most: a message of an error may be a page."""


@dataclass(frozen=True, slots=True)
class ToldCause:
    """One cause of a verdict."""

    title: str
    suffers: str
    tests: int
    """Tests that are red by it."""

    @classmethod
    def of(cls, cause: HeadlineCause) -> Self:
        """As the verdict has it."""
        return cls(_short(cause.title), _short(cause.suffers), len(cause.tests))


@dataclass(frozen=True, slots=True)
class TerminationMessage:
    """What became of a run, in few words."""

    meaning: str
    """Of the exit status: a value of ``Meaning``."""
    sentence: str
    would_boot: bool | None = None
    """None where nothing was verified."""
    run: str | None = None
    segment: str | None = None
    error: str | None = None
    """Why the run ended before its last test."""
    causes: tuple[ToldCause, ...] = ()
    """The worst first."""
    more_causes: int = 0
    """That had no room."""

    @classmethod
    def of(cls, result: Result, verdict: Verdict) -> Self:
        """Of a run's result, and the verdict on it."""
        return cls(
            meaning=result.meaning.value,
            sentence=_short(verdict.sentence),
            would_boot=verdict.would_boot,
            run=None if result.subject is None else result.subject.run,
            segment=result.segment,
            error=result.error and _short(result.error),
            causes=tuple(map(ToldCause.of, verdict.causes)),
        )

    @classmethod
    def of_error(cls, error: Exception, segment: str | None = None) -> Self:
        """Of a run that did not begin: its options, contract or Secret cannot be used or read."""
        text = _short(str(error))
        what = Meaning.USAGE if isinstance(error, UsageError) else Meaning.LAB
        return cls(what.value, f"Nothing is verified: {text}", segment=segment, error=text)

    def encode(self) -> str:
        """As compact JSON of at most ``LARGEST`` octets."""
        text = ""
        for told in range(min(len(self.causes), _MOST), -1, -1):
            more = self.more_causes + len(self.causes) - told
            fields = asdict(replace(self, causes=self.causes[:told], more_causes=more))
            text = json.dumps({"v": VERSION, **fields}, ensure_ascii=False, separators=(",", ":"))
            if len(text.encode()) <= LARGEST:
                break
        return text

    def write(self, path: Path) -> None:
        """Write it into the file, which may be mounted and is not replaced.

        Raises:
            UsageError: it cannot be written.
        """
        with writing(path, OPTION):
            path.write_text(self.encode(), encoding="utf-8")

    @classmethod
    def decode(cls, text: str) -> Self | None:
        """The message; None of other words, such as the end of a log."""
        try:
            fields: dict[str, Any] = json.loads(text)
            if fields.pop("v") != VERSION:
                return None
            causes = tuple(ToldCause(**each) for each in fields.pop("causes"))
            return cls(**fields, causes=causes)
        except (ValueError, TypeError, KeyError, AttributeError):
            return None


def _short(text: str) -> str:
    """In one line, since JSON writes a control character in six octets."""
    text = visible(" ".join(without_secrets(text).split()))
    return text if len(text.encode()) <= _TEXT else f"{text.encode()[:_TEXT].decode(errors='ignore')}…"
