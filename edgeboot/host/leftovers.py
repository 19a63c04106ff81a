"""Leftovers that one name or one path identifies: all but how they are undone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self


@dataclass(frozen=True, slots=True)
class NamedLeftover:
    """A leftover that its name identifies; a subclass adds ``kind`` and ``undo``."""

    kind: ClassVar[str]
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    def to_json(self) -> dict[str, Any]:
        """The name."""
        return {"name": self.name}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """From the fields that ``to_json`` wrote; raises KeyError without them."""
        return cls(str(fields["name"]))


@dataclass(frozen=True, slots=True)
class PathLeftover:
    """A leftover that its path identifies; a subclass adds ``kind`` and ``undo``."""

    kind: ClassVar[str]
    path: Path

    def __str__(self) -> str:
        return f"{self.kind} {self.path}"

    def to_json(self) -> dict[str, Any]:
        """The path."""
        return {"path": str(self.path)}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """From the fields that ``to_json`` wrote; raises KeyError without them."""
        return cls(Path(fields["path"]))
