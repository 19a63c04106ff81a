"""Labs that were left standing on purpose (``--keep-lab``), as their journals tell of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from edgeboot.host.journal import KEPT, journals
from edgeboot.labs.clean import journals_in
from edgeboot.labs.journal_entries import Entry, read_entries
from edgeboot.labs.way_in import WayIn, ways_shown


@dataclass(frozen=True, slots=True)
class KeptLab:
    """One lab that stands."""

    run: str
    """The run and worker that made it, as in the names of what it is made of."""
    lab: str
    """The name of its kind."""
    ways: tuple[WayIn, ...]

    def __str__(self) -> str:
        return f"lab {self.lab} of run {self.run}"

    @property
    def lines(self) -> list[str]:
        """That it stands, how to look into it, and how it goes away."""
        first = f"edgeboot: {self} is left standing; edgeboot clean takes it away"
        return [first, *ways_shown(self.ways)]


def note(ways: Iterable[WayIn]) -> dict[str, Any]:
    """What the journal of a kept lab says of it."""
    return {"ways": [asdict(way) for way in ways]}


def kept_labs(directory: Path | None = None) -> list[KeptLab]:
    """Every lab of this user that stands.

    Args:
        directory: where the journals are; by default this user's.

    Raises:
        LabError: the directory cannot be read.
    """
    return [_Note.of(path).kept(path) for path in journals_in(directory or journals(), (KEPT,))]


@dataclass(frozen=True, slots=True)
class _Note:
    ways: tuple[WayIn, ...] = ()

    @classmethod
    def of(cls, path: Path) -> Self:
        """Nothing where the file is gone meanwhile, or another version has written it."""
        try:
            with path.open("rb") as lines:
                notes: tuple[Entry, ...] = read_entries(path, lines).notes
            return cls(tuple(WayIn(**way) for entry in notes for way in entry.fields["ways"]))
        except (OSError, KeyError, TypeError):
            return cls()

    def kept(self, path: Path) -> KeptLab:
        run, _, lab = path.stem.rpartition(".")
        return KeptLab(run, lab, self.ways)
