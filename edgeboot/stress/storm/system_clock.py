"""The system's clock beside the monotonic one: the kernel stamps frames by it, nodes wait by the other.

The two differ by a constant until somebody sets the system's clock: NTP's slow corrections move both.
"""

from __future__ import annotations

import time
from typing import Final

_LEAST: Final = 0.005
"""Seconds: the two are not read at the same moment."""
_READINGS: Final = 3


class SystemClock:
    """What the system's clock showed when the monotonic one was zero, and by how much it was set since."""

    def __init__(self) -> None:
        self.epoch = _epoch()
        """In seconds since the epoch: a time stamp less this is a time on the monotonic clock."""
        self.step = 0.0
        """Seconds by which it was set meanwhile at most, forwards or, if negative, backwards."""

    def look(self) -> None:
        """See whether it was set since the last look; time stamps count by its new setting from now on."""
        epoch = _epoch()
        if abs(epoch - self.epoch) > _LEAST:
            self.step = max(self.step, epoch - self.epoch, key=abs)
            self.epoch = epoch


def _epoch() -> float:
    """By the closest of several pairs of readings: this process may be kept from running between two."""
    readings = []
    for _ in range(_READINGS):
        before, shown, after = time.monotonic(), time.time(), time.monotonic()
        readings.append((after - before, shown - (before + after) / 2))
    return min(readings)[1]
