"""When the nodes of a storm are switched on: open-loop, whatever the server does meanwhile."""

from __future__ import annotations

import random
from array import array
from itertools import accumulate

from edgeboot.spec.contract.storm_terms import POWER_RETURNS_WITHIN, Arrival

__all__ = ["POWER_RETURNS_WITHIN", "Arrival", "arrivals"]


def arrivals(arrival: Arrival, nodes: int, rate: float, seed: int) -> array[float]:
    """When each node sends its first DHCPDISCOVER, in seconds from the beginning, in order.

    Args:
        arrival: the pattern.
        nodes: how many come.
        rate: nodes in a second, where the pattern has a rate.
        seed: what random times are made from; the same seed makes the same times.
    """
    random_ = random.Random(seed)  # noqa: S311 - nobody is to be kept from guessing it
    match arrival:
        case Arrival.CONSTANT:
            return array("d", (number / rate for number in range(nodes)))
        case Arrival.POISSON:
            return array("d", accumulate(random_.expovariate(rate) for _ in range(nodes)))
        case Arrival.BURST:
            return array("d", bytes(8 * nodes))
        case Arrival.POWER_RETURNS:
            within = POWER_RETURNS_WITHIN.total_seconds()
            return array("d", sorted(random_.uniform(0.0, within) for _ in range(nodes)))
