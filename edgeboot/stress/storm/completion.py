"""How many nodes had come so far at each moment of a storm: a curve of few points."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_POINTS: Final = 200
"""Of a curve, at most."""


@dataclass(frozen=True, slots=True)
class BoundBy:
    """A point of the curve."""

    seconds: float
    """From the beginning of the storm."""
    nodes: int
    """How many were so far by then."""


def completion(seconds: Iterable[float]) -> tuple[BoundBy, ...]:
    """The curve of these times, of one node each; the last node is always one of its points."""
    ordered = sorted(seconds)
    step = max(1, math.ceil(len(ordered) / _POINTS))
    numbers = [*range(step, len(ordered), step), *([len(ordered)] if ordered else [])]
    return tuple(BoundBy(ordered[number - 1], number) for number in numbers)
