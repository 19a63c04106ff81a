"""Which node's patience ends next."""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Iterator


class PatienceQueue:
    """Nodes that wait equally long, in the order in which they began, which is that in which they end.

    Args:
        due: when each node's wait ends now; an entry that says otherwise is of a wait that is over.
        seconds: how long they wait.
    """

    def __init__(self, due: array[float], seconds: float) -> None:
        self._due = due
        self._seconds = seconds
        self._numbers: deque[int] = deque()
        self._ends: deque[float] = deque()

    def begin(self, number: int, now: float) -> None:
        """A node begins to wait; its column says until when."""
        end = self._due[number] = now + self._seconds
        self._numbers.append(number)
        self._ends.append(end)

    def ended(self, now: float) -> Iterator[int]:
        """Take out every node whose wait has ended without a reply."""
        numbers, ends, due = self._numbers, self._ends, self._due
        while numbers:
            waits = due[numbers[0]] == ends[0]
            if waits and ends[0] > now:
                return
            ends.popleft()
            number = numbers.popleft()
            if waits:
                yield number

    @property
    def next_end(self) -> float:
        """When the first wait ends; infinite if nobody waits."""
        return self._ends[0] if self._ends else float("inf")
