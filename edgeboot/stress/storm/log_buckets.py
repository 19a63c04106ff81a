"""Times counted in buckets whose edges grow by 1, 2, 5, 10: how a storm's latencies are spread."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import Final

EDGES: Final[tuple[float, ...]] = tuple(
    factor * 10.0**decade for decade in range(-4, 3) for factor in (1, 2, 5) if factor * 10.0**decade <= 100
)
"""In seconds, from 100 µs to 100 s: the first bucket is below the first edge, the last from the last on."""


def counted(seconds: Iterable[float]) -> tuple[int, ...]:
    """How many times are in each bucket: not below its lower edge, and below its upper one."""
    counts = [0] * (len(EDGES) + 1)
    for each in seconds:
        counts[bisect_right(EDGES, each)] += 1
    return tuple(counts)
