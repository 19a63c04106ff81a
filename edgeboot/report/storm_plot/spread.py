"""How a storm's latencies are spread: a bar for each bucket of ``stress.storm.log_buckets``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10
from typing import Final

from edgeboot.report.storm_plot.frame import HEIGHT, LEFT, RIGHT, Frame, Key, Limit
from edgeboot.stress.storm.log_buckets import EDGES

_DECADE: Final = 3
"""Buckets of one."""
_FILLED: Final = 0.8
"""The share of its bucket that the bars of all storms fill."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The counts of the buckets."""

    key: Key
    counts: Sequence[int]


def spreads(title: str, every: Sequence[Spread], limits: Sequence[Limit]) -> str:
    """Bars side by side, and the limits as lines; the texts tell every bucket that is not empty."""
    highest = max((count for each in every for count in each.counts), default=1)
    most = 4 * max(1, ceil(highest / 4))  # The scale has a whole number at each quarter.
    frame = Frame(title, "; ".join(map(_told, every)), [each.key for each in every], most)
    low, high = _shown(every, limits)
    width = (RIGHT - LEFT) / (high - low)
    bar = _FILLED * width / max(1, len(every))
    for place, each in enumerate(every):
        for number in range(low, high):
            if each.counts[number]:
                left = LEFT + width * (number - low + (1 - _FILLED) / 2) + bar * place
                frame.area(left, bar, HEIGHT * each.counts[number] / most, f"{each.key.classes} bar")
    for number in range(low, high + 1):
        if number % _DECADE == 1:  # The lower edge of this bucket is a power of ten.
            frame.tick(LEFT + width * (number - low), _seconds(EDGES[number - 1]))
    for limit in limits:
        frame.limit(limit, LEFT + width * (_place(limit.seconds) - low))
    frame.axis_of_time("since it was switched on")
    return str(frame)


def _shown(every: Sequence[Spread], limits: Sequence[Limit]) -> tuple[int, int]:
    """The buckets from the decade of the first time or limit to that of the last, by their edges."""
    filled = [number for each in every for number, count in enumerate(each.counts) if count]
    filled += [int(_place(each.seconds)) for each in limits] or [_DECADE]
    low = (min(filled) - 1) // _DECADE * _DECADE + 1
    high = (max(filled) - 1) // _DECADE * _DECADE + 1 + _DECADE
    return max(0, low), min(len(EDGES) + 1, high)


def _place(seconds: float) -> float:
    """Of a time among the buckets' edges, between two of them by its logarithm."""
    above = sum(edge <= seconds for edge in EDGES)
    if above in {0, len(EDGES)}:
        return float(above)
    lower, upper = EDGES[above - 1], EDGES[above]
    return above + log10(seconds / lower) / log10(upper / lower)


def _told(spread: Spread) -> str:
    counts = [f"{count} {_range(number)}" for number, count in enumerate(spread.counts) if count]
    return f"{spread.key.text}: {', '.join(counts) or 'none'}"


def _range(number: int) -> str:
    return f"below {_seconds(EDGES[number])}" if number < len(EDGES) else f"from {_seconds(EDGES[-1])} on"


def _seconds(edge: float) -> str:
    return f"{edge:g} s" if edge >= 1 else f"{1000 * edge:g} ms"
