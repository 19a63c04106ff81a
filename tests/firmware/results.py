"""What clients did in one or more runs; each is kept as soon as it is asked, so that a run may go on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from tests.firmware.comparison import Compared
from tests.firmware.offer import Row
from tests.firmware.page import Cost


@dataclass(frozen=True, slots=True)
class Asked:
    """A client in one version, and what came of its rows."""

    cost: Cost
    told: tuple[Compared, ...]
    undecided: tuple[str, ...] = ()
    """Of rows in which it showed nothing."""

    @property
    def key(self) -> tuple[str, str]:
        """Which client in which version it is."""
        return self.cost.client, self.cost.version


_ALL: Final = TypeAdapter(tuple[Asked, ...])


def read_results(path: Path) -> tuple[Asked, ...]:
    """What is in the file; nothing where there is none."""
    return _ALL.validate_json(path.read_bytes()) if path.exists() else ()


def write_results(path: Path, asked: Iterable[Asked]) -> None:
    """Write the file anew."""
    path.write_bytes(_ALL.dump_json(tuple(asked), indent=1))


def result_of(results: Iterable[Asked], client: str, version: str, rows: Iterable[Row]) -> Asked | None:
    """What this version of a client did in all these rows; None where one was not asked, or not decided."""
    found = next((each for each in results if each.key == (client, version)), None)
    asked = set() if found is None else {each.row for each in found.told}
    return found if asked >= {row.name for row in rows} else None


def with_result(asked: Iterable[Asked], one: Asked) -> tuple[Asked, ...]:
    """These, with what one client did now in place of what it did before."""
    return tuple({each.key: each for each in (*asked, one)}.values())
