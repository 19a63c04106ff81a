"""The nodes of a storm that have waited longest, found without looking at all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edgeboot.stress.storm.nodes import GAVE_UP, VirtualNodes
from edgeboot.stress.storm.numbering import CONSECUTIVE, Numbering, mac_of
from edgeboot.stress.storm.progress import Straggler

_SHOWN: Final = 3
_LOOKED_AT: Final = 1000
"""Nodes behind the first that waits: a storm does not stop for its progress."""


class Stragglers:
    """Nodes come in the order of their numbers, so that the first that is neither ready nor gave up is it.

    Args:
        rounds: the nodes' state in each round.
        macs: how their MAC addresses follow each other.
    """

    def __init__(self, rounds: Sequence[VirtualNodes], macs: Numbering = CONSECUTIVE) -> None:
        self._own = macs.own
        self._rounds = rounds
        self._ready = bytearray(rounds[0].count)
        self._first = 0
        """No node before it waits."""

    def is_ready(self, number: int) -> None:
        """It has done its last round."""
        self._ready[number] = 1

    def longest(self, started: int, now: float) -> tuple[Straggler, ...]:
        """Those that wait, the longest first, of so many that are switched on."""
        while self._first < started and self._is_over(self._first):
            self._first += 1
        found: list[Straggler] = []
        for number in range(self._first, min(started, self._first + _LOOKED_AT)):
            if not self._is_over(number):
                found.append(Straggler(mac_of(self._own(number)), now - self._rounds[0].intended[number]))
            if len(found) == _SHOWN:
                break
        return tuple(found)

    def _is_over(self, number: int) -> bool:
        return bool(self._ready[number]) or any(each.phase[number] in GAVE_UP for each in self._rounds)
