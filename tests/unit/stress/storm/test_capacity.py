"""Where a server begins to break: found by storms that a script answers for."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Final

import pytest

from edgeboot.stress.storm.arrival import Arrival
from edgeboot.stress.storm.bisection import Bisection
from edgeboot.stress.storm.capacity import Capacity, End, Probe, Quantity, plan_of, search
from edgeboot.stress.storm.plan import StormPlan

Judge = Callable[[int, int], bool | None]
"""Whether a storm of this value and this seed holds."""
FIRST: Final = 50


def found(judge: Judge, most: int = 1000, least: int = 1, probes: int = 100) -> Capacity:
    """The search's result, with time for so many storms."""
    left = iter(range(probes))

    def probe(value: int, seed: int) -> Probe:
        return Probe(value, value, seed, judge(value, seed), 1.0, value)

    bisection = Bisection(FIRST, least, most)
    return search(
        Quantity.NODES, bisection, Arrival.BURST, "its pool", probe, lambda: next(left, None) is not None
    )


@pytest.mark.parametrize("edge", [1, 2, 3, 7, 49, 50, 51, 130, 401, 999])
def test_the_edge_is_between_what_held_and_what_broke(edge: int) -> None:
    """Within a tenth, and in no more than twenty storms."""
    capacity = found(lambda value, _: value <= edge)
    held, broke = capacity.bracket.held, capacity.bracket.broke
    assert held is not None
    assert broke is not None
    assert held <= edge < broke <= max(held + 1, 1.1 * held)
    assert (capacity.end, capacity.times_held) == (End.FOUND, 3)
    assert len(capacity.probes) <= 20


def test_a_value_that_broke_once_is_broken() -> None:
    """Arrivals are random: what held by luck is tried again with others, and breaks."""
    capacity = found(lambda value, seed: value <= 60 or (value <= 100 and seed == 1))
    assert capacity.bracket.held is not None
    assert capacity.bracket.held <= 60
    assert {probe.seed for probe in capacity.probes if probe.value == capacity.bracket.held} == {1, 2, 3}


@pytest.mark.parametrize(
    "judge,end,bracket",
    [
        (lambda *_: True, End.MOST, (1000, None)),
        (lambda *_: False, End.LEAST, (None, 1)),
        (lambda *_: None, End.TOO_SLOW_HERE, (None, None)),
        (lambda value, _: True if value < 300 else None, End.TOO_SLOW_HERE, (283, None)),
    ],
)
def test_a_search_without_an_edge_says_why(
    judge: Judge, end: End, bracket: tuple[int | None, int | None]
) -> None:
    """The pool's end, the least storm, or this machine's slowness, which is no server's."""
    capacity = found(judge)
    assert (capacity.end, (capacity.bracket.held, capacity.bracket.broke)) == (end, bracket)


def test_one_storm_that_was_slow_here_is_made_again() -> None:
    """Something else ran on this machine."""
    slow = count()
    capacity = found(lambda value, _: None if next(slow) == 2 else value <= 130)
    assert capacity.end is End.FOUND
    assert capacity.bracket.broke == min(probe.value for probe in capacity.probes if probe.held is False)


def test_a_value_that_cannot_be_judged_again_ends_the_search() -> None:
    """It held once; then something else ran on this machine, without an end."""
    capacity = found(lambda value, seed: None if value == 130 and seed > 1 else value <= 130, least=130)
    assert (capacity.end, capacity.bracket.held, capacity.times_held) == (End.TOO_SLOW_HERE, 130, 1)
    assert [probe.held for probe in capacity.probes if probe.value == 130] == [True, None, None]


def test_the_time_bounds_it() -> None:
    """What is known by then is told."""
    capacity = found(lambda value, _: value <= 130, probes=3)
    assert capacity.end is End.TIME
    assert [probe.value for probe in capacity.probes] == [50, 100, 200]
    assert (capacity.bracket.held, capacity.bracket.broke) == (100, 200)


@pytest.mark.parametrize(
    "arrival,quantity,value,expected",
    [
        (Arrival.POWER_RETURNS, Quantity.NODES, 70, (Arrival.POWER_RETURNS, 70)),
        (Arrival.BURST, Quantity.NODES, 70, (Arrival.BURST, 70)),
        (Arrival.POISSON, Quantity.NODES, 70, (Arrival.POWER_RETURNS, 70)),
        (Arrival.POWER_RETURNS, Quantity.RATE, 5, (Arrival.CONSTANT, 50)),
        (Arrival.POISSON, Quantity.RATE, 70, (Arrival.POISSON, 101)),
    ],
)
def test_the_storm_of_a_value(
    arrival: Arrival, quantity: Quantity, value: int, expected: tuple[Arrival, int]
) -> None:
    """A rate is held for ten seconds, or as long as the pool lasts."""
    plan = plan_of(quantity, value, 2, StormPlan(arrival=arrival), pool=101)
    assert (plan.arrival, plan.nodes, plan.seed) == (*expected, 2)
    assert quantity is Quantity.NODES or plan.rate == value
