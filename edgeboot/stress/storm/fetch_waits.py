"""How long a storm's nodes wait for boot servers, and how often they have sent the last packet."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence

from edgeboot.stress.storm.deadlines import Deadlines
from edgeboot.stress.storm.fetch_columns import FetchColumns, Step


class FetchWaits:
    """The waits of a round.

    Args:
        columns: of its fetches.
        waits: in seconds, after each packet of a step, by the step.
    """

    def __init__(self, columns: FetchColumns, waits: Mapping[int, Sequence[float]]) -> None:
        self._columns = columns
        self._waits = waits
        self._reading = int(Step.READING)
        self._stalls_after = waits[Step.READING][0]
        self._deadlines = Deadlines(columns.due)

    def begin(self, number: int, step: int) -> None:
        """A node sends the first packet of a step."""
        columns = self._columns
        columns.step[number] = step
        columns.tries[number] = 0
        columns.due[number] = time.monotonic() + self._waits[step][0]
        self._deadlines.watch(number)

    def progress(self, number: int, at: float) -> None:
        """A node has got more of its file, and waits for the rest."""
        columns = self._columns
        shorter = columns.tries[number] > 0  # The first wait is not longer than those after it.
        columns.step[number] = self._reading
        columns.tries[number] = columns.gap[number] = 0
        columns.due[number] = at + self._stalls_after
        if shorter:
            self._deadlines.watch(number)

    def ended(self, now: float) -> Iterator[tuple[int, bool]]:
        """Every node whose wait is over, and whether it sends its packet again: else it gives up."""
        columns = self._columns
        for number in self._deadlines.ended(now):
            tries, waits = columns.tries[number] + 1, self._waits[columns.step[number]]
            again = tries < len(waits)
            if again:
                columns.tries[number] = tries
                columns.due[number] = now + waits[tries]
                self._deadlines.watch(number)
            yield number, again

    @property
    def next_end(self) -> float:
        """When a wait may be over; infinite if nobody waits."""
        return self._deadlines.next_end
