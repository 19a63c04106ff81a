"""Nodes over time: how many had an offer, and how many were ready, at each moment of a storm."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from edgeboot.base.counted import counted
from edgeboot.report.storm_plot.frame import HEIGHT, LEFT, RIGHT, Frame, Key, Limit

_TICKS: Final = 8
_ROOM: Final = 1.04
"""Beside the last node, so that its step is seen."""


@dataclass(frozen=True, slots=True)
class Stairs:
    """A time in which nodes came one after the other, some seconds apart."""

    began: float
    ended: float
    name: str


@dataclass(frozen=True, slots=True)
class Curve:
    """Nodes that have come so far, by seconds from the storm's beginning."""

    key: Key
    points: Sequence[tuple[float, int]]
    stairs: Stairs | None = None
    """What is marked of it."""


def curves(title: str, every: Sequence[Curve], nodes: int, limits: Sequence[Limit]) -> str:
    """Steps of each curve, and the limits as lines; the texts tell when a half and the last were there."""
    last = max((each.points[-1][0] for each in every if each.points), default=1.0)
    longest = _ROOM * max([last, *(each.seconds for each in limits)])
    frame = Frame(title, "; ".join(map(_told, every)), [each.key for each in every], nodes)
    step = _step(longest)
    for number in range(math.floor(longest / step) + 1):
        frame.tick(_across(number * step, longest), f"{number * step:g}{' s' if number == 0 else ''}")
    for each in every:
        if each.stairs is not None:  # Behind all curves.
            _mark(frame, each.stairs, longest)
    for each in every:
        _draw(frame, each, nodes, longest)
    for limit in limits:
        frame.limit(limit, _across(limit.seconds, longest))
    frame.axis_of_time("since the storm began")
    return str(frame)


def _mark(frame: Frame, stairs: Stairs, longest: float) -> None:
    left, right = (_across(at, longest) for at in (stairs.began, stairs.ended))
    frame.area(left, right - left, HEIGHT, "stairs")
    frame.text((left + right) / 2, frame.bottom - 14, stairs.name, "middle")


def _draw(frame: Frame, curve: Curve, nodes: int, longest: float) -> None:
    places = [(_across(at, longest), frame.bottom - HEIGHT * count / nodes) for at, count in curve.points]
    steps = "".join(f"H{across:.1f}V{down:.1f}" for across, down in places)
    stairs = curve.stairs
    frame.path(f"M{LEFT} {frame.bottom}{steps}H{RIGHT}", curve.key.classes)
    if stairs is not None:
        for (at, _), place in zip(curve.points, places, strict=True):
            if stairs.began <= at <= stairs.ended:
                frame.dot(*place, f"{curve.key.classes} dot")


def _told(curve: Curve) -> str:
    if not curve.points:
        return f"{curve.key.text}: no node"
    count = curve.points[-1][1]
    half = next(seconds for seconds, reached in curve.points if 2 * reached >= count)
    last = curve.points[-1][0]
    stairs = f", {curve.stairs.name}" if curve.stairs else ""
    nodes = counted(count, "node")
    return f"{curve.key.text}: {nodes}, half of them within {half:.3g} s, all within {last:.3g} s{stairs}"


def _across(seconds: float, longest: float) -> float:
    return LEFT + (RIGHT - LEFT) * seconds / longest


def _step(longest: float) -> float:
    """Of the ticks: 1, 2 or 5 times a power of ten."""
    decade = 10.0 ** math.floor(math.log10(longest / _TICKS))
    return next(decade * factor for factor in (1, 2, 5, 10) if longest / (decade * factor) <= _TICKS)
