"""What a storm of a search for the capacity has shown of the server, and what the search says in the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edgeboot.base.counted import counted
from edgeboot.stress.storm.capacity import Capacity, End, Probe, Quantity, not_judged
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.result import StormResult


def probe_of(value: int, plan: StormPlan, result: StormResult, broke: Iterable[str]) -> Probe:
    """A storm as a probe.

    Args:
        value: what was tried by it.
        plan: of the storm.
        result: of the storm.
        broke: what broke, and what explains it; nothing where everything held.
    """
    words = tuple(broke)
    why = not_judged(result)
    held = not words if why is None else None
    told = words if why is None else (why,)
    return Probe(value, plan.nodes, plan.seed, held, result.elapsed, result.bound, told)


def probe_line(quantity: Quantity, probe: Probe) -> str:
    """One storm of the search, in a line."""
    means = {True: "held", False: "broke", None: "not judged"}[probe.held]
    why = f": {probe.broke[0]}" if probe.broke else ""
    rate = f"{_told(probe.value, quantity)}, " if quantity is Quantity.RATE else ""
    tried = f"{rate}{counted(probe.nodes, 'node')}, seed {probe.seed}"
    return f"{tried}: {means} after {probe.elapsed:.1f} s{why}"


def capacity_lines(capacity: Capacity) -> Iterator[str]:
    """What was found: between which values the edge is, and what breaks there."""
    yield f"{capacity.arrival}: {'; '.join(_found(capacity))}"
    if capacity.broke is not None:
        yield from (f"  {line}" for line in capacity.broke.broke)


def _found(capacity: Capacity) -> Iterator[str]:
    bracket, quantity = capacity.bracket, capacity.quantity
    if bracket.held is not None:
        times = capacity.times_held
        yield f"holds with {_told(bracket.held, quantity)}, in {counted(times, 'storm')} of {times}"
    if bracket.broke is not None:
        yield f"breaks with {_told(bracket.broke, quantity)}"
    match capacity.end:
        case End.MOST:
            yield f"more was not tried, by {capacity.bounded_by}"
        case End.LEAST:
            yield "less was not tried"
        case End.TOO_SLOW_HERE:
            value = "" if bracket.not_judged is None else f"with {_told(bracket.not_judged, quantity)} "
            yield f"{value}this machine could not judge the server"
        case End.TIME if not capacity.probes:
            yield "not tried, since the time was over (--budget)"
        case End.TIME:
            yield "the time was over before the edge was known to a tenth"
        case End.INTERRUPTED:
            yield "interrupted"


def _told(value: int, quantity: Quantity) -> str:
    return f"{value}/s" if quantity is Quantity.RATE else counted(value, "node")
