"""Lines of what is deployed that causes name, with their neighbours, kept for a page made elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from edgeboot.report.secrets import without_secrets
from edgeboot.spec.manifests.cause import Cause

_NEIGHBOURS: Final = 3
_LONGEST: Final = 400


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some lines of a file around the one that counts."""

    file: str
    line: int
    lines: tuple[tuple[int, str], ...]
    """Each with its number, from 1."""

    def to_json(self) -> dict[str, Any]:
        """An object of these fields."""
        return {"file": self.file, "line": self.line, "lines": [list(each) for each in self.lines]}


def from_json(data: Iterable[dict[str, Any]]) -> tuple[Excerpt, ...]:
    """What ``to_json`` of several wrote."""
    return tuple(
        Excerpt(each["file"], each["line"], tuple((int(number), str(text)) for number, text in each["lines"]))
        for each in data
    )


def excerpts(causes: Iterable[Cause | None]) -> tuple[Excerpt, ...]:
    """Of each cause that names a line of a file that can be read here, once."""
    places = dict.fromkeys(
        (cause.file, cause.line) for cause in causes if cause and cause.file and cause.line
    )
    found = (_excerpt(file, line) for file, line in places if file is not None and line is not None)
    return tuple(each for each in found if each is not None)


def _excerpt(file: str, line: int) -> Excerpt | None:
    try:
        every = without_secrets(Path(file).read_text(encoding="utf-8", errors="replace")).splitlines()
    except OSError:
        return None
    first = max(1, line - _NEIGHBOURS)
    lines = every[first - 1 : line + _NEIGHBOURS]
    return Excerpt(file, line, tuple((first + at, text[:_LONGEST]) for at, text in enumerate(lines)))
