"""A line of what is deployed that likely explains a failed check, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Cause:
    """Where to look: a line of a file, a file, or a part of the segment."""

    file: str | None
    """As messages show it: relative to the working directory where it lies below."""
    line: int | None
    """Counted from 1; None where the line is missing, or the whole file is meant."""
    text: str
    """The line itself, or what is missing."""
    reason: str = ""
    """Why this line counts, and another that says something else does not."""

    def __str__(self) -> str:
        because = f" ({self.reason})" if self.reason else ""
        if self.file is None:
            return f"{self.text}{because}"
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place} {self.text}{because}" if self.text else place

    def to_json(self) -> dict[str, Any]:
        """An object with file, line, text and reason."""
        return {"file": self.file, "line": self.line, "text": self.text, "reason": self.reason}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """What ``to_json`` wrote, also without a reason; raises TypeError for anything else."""
        return cls(**data)
