"""A directory that a run makes."""

from __future__ import annotations

import shutil
from typing import ClassVar

from edgeboot.host.leftovers import PathLeftover


class Directory(PathLeftover):
    """A directory with its content, as a leftover."""

    kind: ClassVar[str] = "directory"

    def undo(self) -> bool:
        """Remove it; False if it does not exist."""
        if not self.path.exists():
            return False
        shutil.rmtree(self.path)
        return True
