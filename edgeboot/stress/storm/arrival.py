"""When the nodes of a storm are switched on: open-loop, whatever the server does meanwhile."""

from __future__ import annotations

import random
from array import array
from datetime import timedelta
from itertools import accumulate
from typing import Final

from edgeboot.spec.contract.storm_terms import Arrival

__all__ = ["POWER_RETURNS_WITHIN", "Arrival", "arrivals"]

POWER_RETURNS_WITHIN: Final = timedelta(seconds=5)
"""Machines of one feeder start so close together: their power supplies and self-tests differ."""


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
