"""Times of a storm in a few figures."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from edgeboot.stress.storm.log_buckets import counted


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Times in seconds, exact since each node's is kept; so many do not exceed a percentile."""

    count: int
    mean: float
    p50: float
    p90: float
    p99: float
    longest: float
    counts: tuple[int, ...] = ()
    """How many are in each bucket of ``log_buckets``."""

    @classmethod
    def of(cls, seconds: Iterable[float]) -> Self | None:
        """None of no times."""
        ordered = sorted(seconds)
        if not ordered:
            return None
        p50, p90, p99 = (ordered[math.ceil(share * len(ordered)) - 1] for share in (0.5, 0.9, 0.99))
        mean = math.fsum(ordered) / len(ordered)
        return cls(len(ordered), mean, p50, p90, p99, ordered[-1], counted(ordered))
