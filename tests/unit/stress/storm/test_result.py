"""Figures from columns."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.stress.storm.counters import Counters
from edgeboot.stress.storm.nodes import Phase, VirtualNodes
from edgeboot.stress.storm.percentiles import Percentiles
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.result import StormResult, result_of
from edgeboot.stress.storm.round_result import Recorded


def result_of_bound(count: int, intended: float, sent: float, bound_at: float) -> StormResult:
    """Of nodes that were all bound at one moment."""
    nodes = VirtualNodes(count)
    for number in range(count):
        nodes.phase[number] = Phase.BOUND
        nodes.intended[number], nodes.sent[number] = intended, sent
        nodes.offered_at[number] = nodes.bound_at[number] = bound_at
        nodes.address[number] = number + 1
    plan = StormPlan(nodes=count)
    recorded = [Recorded(plan.rounds[0], nodes, Counters())]
    return result_of(plan, recorded, began=100.0, elapsed=9.0, lost_here=0, client_cpu=0.1)


def test_latency_counts_from_the_intended_time() -> None:
    """A node whose DHCPDISCOVER was sent three seconds late has waited for these, too."""
    result = result_of_bound(1, intended=101.0, sent=104.0, bound_at=105.0)
    assert result.to_ack is not None
    assert result.to_ack.longest == pytest.approx(4.0)


def test_a_percentile_is_a_time_that_was_measured() -> None:
    """Of a hundred times, one is longer than the 99th percentile."""
    times = Percentiles.of(range(1, 101))
    assert times is not None
    assert (times.p50, times.p90, times.p99, times.longest) == (50, 90, 99, 100)
    assert Percentiles.of([]) is None


@pytest.mark.parametrize("count,points", [(0, 0), (1, 1), (200, 200), (201, 101), (100_000, 200)])
def test_the_curve_of_completion_ends_with_the_last_node(count: int, points: int) -> None:
    """However many nodes there are, it has two hundred points at most."""
    if not count:
        return
    curve = result_of_bound(count, 101.0, 101.0, 105.0).completion
    assert len(curve) == points
    assert (curve[-1].nodes, curve[-1].seconds) == (count, 5.0)


@pytest.mark.parametrize(
    "change,message",
    [
        ({"nodes": 0}, "--nodes 0: is no number of nodes"),
        ({"rate": 0.0}, "--rate 0: is no number of nodes in a second"),
        ({"rounds": ()}, "--rounds: has 0 rounds; give 1 to"),
    ],
)
def test_a_storm_that_cannot_be_is_refused(change: dict[str, object], message: str) -> None:
    """One line says what, and what may be given instead."""
    with pytest.raises(UsageError, match=message):
        replace(StormPlan(within=timedelta(seconds=1)), **change)  # type: ignore[arg-type]
