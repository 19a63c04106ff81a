"""When a storm's nodes come."""

from __future__ import annotations

import pytest

from edgeboot.spec.contract.storm_terms import Arrival
from edgeboot.stress.storm.arrival import arrivals


@pytest.mark.parametrize("arrival", Arrival)
def test_every_node_comes_in_order(arrival: Arrival) -> None:
    """The engine looks at the next one only."""
    times = arrivals(arrival, 500, 50.0, 1)
    assert len(times) == 500
    assert list(times) == sorted(times)
    assert times[0] >= 0


@pytest.mark.parametrize("arrival", Arrival)
def test_one_seed_makes_one_storm(arrival: Arrival) -> None:
    """A storm can be run again."""
    assert arrivals(arrival, 100, 50.0, 7) == arrivals(arrival, 100, 50.0, 7)


def test_constant_arrival_has_its_rate() -> None:
    """Fifty a second are twenty milliseconds apart."""
    assert list(arrivals(Arrival.CONSTANT, 3, 50.0, 1)) == [0.0, 0.02, 0.04]


def test_poisson_arrival_has_its_rate_in_the_mean() -> None:
    """Ten thousand nodes at fifty a second take two hundred seconds, within a few percent."""
    assert arrivals(Arrival.POISSON, 10_000, 50.0, 1)[-1] == pytest.approx(200, rel=0.05)


def test_a_burst_comes_at_once_and_returning_power_within_five_seconds() -> None:
    """Neither has a rate."""
    assert set(arrivals(Arrival.BURST, 10, 1.0, 1)) == {0.0}
    assert 4 < arrivals(Arrival.POWER_RETURNS, 1000, 1.0, 1)[-1] <= 5
    assert [each for each in Arrival if each.has_rate] == [Arrival.CONSTANT, Arrival.POISSON]
