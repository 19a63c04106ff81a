"""What stands in the journals of runs, as their files have it: no run is asked."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path


def entries_written(journals: list[Path]) -> int:
    """The number of complete lines in the journals."""
    return sum(path.read_bytes().count(b"\n") for path in journals if path.exists())


def outstanding(journals: list[Path]) -> str:
    """The journals' entries that are not undone yet, counted by kind."""
    counts: Counter[str] = Counter()
    for path in journals:
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            counts[entry["kind"]] += 1 if entry["event"] == "make" else -1
    return ", ".join(f"{count} {kind}" for kind, count in (+counts).items()) or "nothing"
