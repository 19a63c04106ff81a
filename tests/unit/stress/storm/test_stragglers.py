"""Which nodes of a storm have waited longest."""

from __future__ import annotations

import pytest

from edgeboot.spec.contract.storm_terms import MacOrder
from edgeboot.stress.storm.nodes import Phase, VirtualNodes
from edgeboot.stress.storm.numbering import Numbering, mac_of, scattered
from edgeboot.stress.storm.stragglers import Stragglers


@pytest.mark.parametrize("gave_up", [Phase.NOT_OFFERED, Phase.NOT_FETCHED])
def test_the_first_that_are_neither_ready_nor_gave_up_are_the_longest(gave_up: Phase) -> None:
    """Of those that are switched on; whoever gave up in a later round waits no more, either."""
    rounds = [VirtualNodes(9), VirtualNodes(9)]
    for number in range(9):
        rounds[0].intended[number] = float(number)
    stragglers = Stragglers(rounds)
    for number in (0, 2):
        stragglers.is_ready(number)
    rounds[1].phase[1] = gave_up
    assert [(each.mac, each.seconds) for each in stragglers.longest(5, 10.0)] == [
        (mac_of(3), 7.0),
        (mac_of(4), 6.0),
    ]
    stragglers.is_ready(3)
    assert [each.mac for each in stragglers.longest(9, 10.0)] == [mac_of(4), mac_of(5), mac_of(6)]


def test_a_straggler_has_the_mac_address_of_its_frames() -> None:
    """Where MAC addresses have no order, too."""
    [straggler] = Stragglers([VirtualNodes(1)], Numbering(MacOrder.SCATTERED)).longest(1, 1.0)
    assert straggler.mac == mac_of(scattered(0))
