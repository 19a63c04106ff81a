"""The results that the runs have left on the volume, a file each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

from tests.nightly.lease_history import LeaseHistory
from tests.nightly.segments import SEGMENTS, Segment

_VERDICTS: Final = frozenset({0, 1})
"""The exit statuses of a run that has sent something on its segment."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a result says of when its run was."""

    run: str
    status: int
    started: datetime
    ended: datetime


def results(volume: Path, segment: Segment) -> list[Told]:
    """The results of the runs of a segment that came to their verdict, the earliest first."""
    told = []
    for path in (volume / segment.worker / "results").glob("*.json"):
        result = json.loads(path.read_text(encoding="utf-8"))
        if result["ended"] and result["status"] in _VERDICTS:
            times = datetime.fromisoformat(result["started"]), datetime.fromisoformat(result["ended"])
            told.append(Told(result["run"], result["status"], *times))
    return sorted(told, key=lambda each: each.started)


def overlaps(volume: Path, history: LeaseHistory) -> list[str]:
    """The pairs of runs that were on one segment at once, by results and by Leases; a line each.

    A run that has a verdict, and never had the Lease, is such a line, too.
    """
    found = []
    for segment in SEGMENTS:
        runs, holders = results(volume, segment), history.of(segment.lease)
        found += [f"{b.run} began before {a.run} had ended" for a, b in pairwise(runs) if b.started < a.ended]
        found += [
            f"{b.holder} took the Lease while {a.holder} renewed it"
            for a, b in pairwise(holders)
            if b.acquired < a.renewed
        ]
        had_it = {each.run for each in holders}
        found += [f"{each.run} has never held the Lease" for each in runs if each.run not in had_it]
    return found
