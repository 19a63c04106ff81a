"""A directory that a run makes."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self


@dataclass(frozen=True, slots=True)
class Directory:
    """A directory with its content, as a leftover."""

    kind: ClassVar[str] = "directory"
    path: Path

    def __str__(self) -> str:
        return f"directory {self.path}"

    def to_json(self) -> dict[str, Any]:
        """The path."""
        return {"path": str(self.path)}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """From the fields that ``to_json`` wrote."""
        return cls(Path(fields["path"]))

    def undo(self) -> bool:
        """Remove it; False if it does not exist."""
        if not self.path.exists():
            return False
        shutil.rmtree(self.path)
        return True
