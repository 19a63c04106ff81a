"""Which node's time is over next, where nodes wait differently long and their waits are often extended."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from heapq import heappop, heappush
from typing import Final

from edgeboot.stress.storm.numbering import NUMBER_OCTETS
from edgeboot.stress.storm.reply_reader import NUMBER

_NUMBER_BITS: Final = 8 * NUMBER_OCTETS
_IN_A_SECOND: Final = 1000


class Deadlines:
    """An entry for each node that waits, however often its wait is extended; one more for a shorter wait.

    Args:
        due: when each node's wait ends now, in seconds on the monotonic clock; 0 where it does not wait.
    """

    def __init__(self, due: array[float]) -> None:
        self._due = due
        self._heap: list[int] = []
        self._first = array("Q", bytes(8 * len(due)))
        """When a node is looked at next, in milliseconds; 0 without an entry."""

    def watch(self, number: int) -> None:
        """A node begins to wait, or waits less long than before: its column says until when."""
        at, first = int(self._due[number] * _IN_A_SECOND), self._first[number]
        if not first or at < first:
            self._first[number] = at
            heappush(self._heap, at << _NUMBER_BITS | number)

    def ended(self, now: float) -> Iterator[int]:
        """Take out every node whose wait is over; one whose wait was extended stays."""
        until = int(now * _IN_A_SECOND)
        while self._heap and self._heap[0] >> _NUMBER_BITS < until:
            entry = heappop(self._heap)
            number = entry & NUMBER
            if self._first[number] != entry >> _NUMBER_BITS:
                continue  # That of a wait which a shorter one has replaced.
            self._first[number] = 0
            if not self._due[number]:
                continue
            if self._due[number] > now:
                self.watch(number)
            else:
                yield number

    @property
    def next_end(self) -> float:
        """When to look again; infinite if nobody waits."""
        return ((self._heap[0] >> _NUMBER_BITS) + 1) / _IN_A_SECOND if self._heap else float("inf")
