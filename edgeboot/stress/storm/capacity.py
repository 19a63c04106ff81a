"""How many nodes a second, and how many at once, a server boots: storms of growing size, as data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Final

from edgeboot.stress.storm.arrival import Arrival
from edgeboot.stress.storm.bisection import Bisection, Bracket, Tried
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.result import StormResult

_ARRIVES_FOR: Final = 10.0
"""Seconds for which the nodes of a storm with a rate arrive, where the pool has addresses for so many."""
_FEWEST: Final = 10
"""Nodes of a storm with a rate."""
_LATE: Final = 0.1
"""Seconds: a storm with a first DHCPDISCOVER sent so late was not the one that was meant."""


class Quantity(StrEnum):
    """What is made larger."""

    RATE = "rate"
    """Nodes in a second."""
    NODES = "nodes"
    """Nodes at once."""


class End(StrEnum):
    """Why a search ended."""

    FOUND = "found"
    """The edge is known."""
    MOST = "most"
    """Nothing broke up to the most that may be tried."""
    LEAST = "least"
    """It broke at the least that can be tried."""
    TOO_SLOW_HERE = "too-slow-here"
    """This machine was too slow for more."""
    TIME = "time"
    """The time for it was over."""
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Probe:
    """One storm of a search."""

    value: int
    nodes: int
    seed: int
    held: bool | None
    """None where it says nothing of the server."""
    elapsed: float
    """Seconds."""
    ready: int
    """Nodes that were ready at its end."""
    broke: tuple[str, ...] = ()
    """What broke, and why as far as that is known, or why it is not judged; nothing where it held."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a search has found."""

    quantity: Quantity
    arrival: Arrival
    most: int
    """What may be tried at most."""
    bounded_by: str
    """What decides that, in words."""
    end: End
    probes: tuple[Probe, ...]

    @property
    def bracket(self) -> Bracket:
        """The highest that held and the lowest that broke: the edge is between them."""
        return Bracket.of(_tries(self.probes))

    @property
    def times_held(self) -> int:
        """How often the highest value that held was tried."""
        return sum(each.value == self.bracket.held and each.held is True for each in self.probes)

    @property
    def broke(self) -> Probe | None:
        """The first storm that broke at the lowest value that did."""
        return next(
            (each for each in self.probes if each.held is False and each.value == self.bracket.broke), None
        )

    def to_json(self) -> dict[str, Any]:
        """An object with the bracket and every probe."""
        return asdict(self) | {"held": self.bracket.held, "broke": self.bracket.broke}


def plan_of(quantity: Quantity, value: int, seed: int, plan: StormPlan, pool: int) -> StormPlan:
    """The storm that tries a value.

    Args:
        quantity: what the value counts.
        value: nodes in a second, or at once.
        seed: of its arrivals.
        plan: the rest of it.
        pool: how many nodes the pool has addresses for.
    """
    if quantity is Quantity.NODES:
        arrival = Arrival.POWER_RETURNS if plan.arrival.has_rate else plan.arrival
        return replace(plan, nodes=value, arrival=arrival, seed=seed)
    nodes = min(pool, max(_FEWEST, round(value * _ARRIVES_FOR)))
    arrival = plan.arrival if plan.arrival.has_rate else Arrival.CONSTANT
    return replace(plan, nodes=nodes, arrival=arrival, rate=float(value), seed=seed)


def not_judged(result: StormResult) -> str | None:
    """Why a storm shows how this machine is, not the server; None where it shows the server."""
    late = result.counters.latest_sending
    if result.not_valid is None and late > _LATE:
        return f"this machine was too slow: a first DHCPDISCOVER was sent {late:.1f} s late"
    return result.not_valid


def search(
    quantity: Quantity,
    bisection: Bisection,
    arrival: Arrival,
    bounded_by: str,
    probe: Callable[[int, int], Probe | None],
    has_time: Callable[[], bool],
) -> Capacity:
    """Find the edge.

    Args:
        quantity: what is made larger.
        bisection: from where to where.
        arrival: of the storms.
        bounded_by: what decides how far it may go, in words.
        probe: makes the storm of a value and a seed; None where it was interrupted.
        has_time: whether another storm may begin.
    """
    probes: list[Probe] = []

    def ended(end: End) -> Capacity:
        return Capacity(quantity, arrival, bisection.most, bounded_by, end, tuple(probes))

    while True:
        value = bisection.next_value(_tries(probes))
        if value is None:
            return ended(_end(Bracket.of(_tries(probes))))
        if not has_time():
            return ended(End.TIME)
        tried = probe(value, 1 + sum(each.value == value for each in probes))
        if tried is None:
            return ended(End.INTERRUPTED)
        probes.append(tried)


def _end(bracket: Bracket) -> End:
    if bracket.not_judged is not None:
        return End.TOO_SLOW_HERE
    if bracket.held is None:
        return End.LEAST
    return End.MOST if bracket.broke is None else End.FOUND


def _tries(probes: Sequence[Probe]) -> list[Tried]:
    return [Tried(each.value, each.held) for each in probes]
