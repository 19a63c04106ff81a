"""What is kept of one client of a capture: the frames that tell something, and its downloads' digests."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.host.wire.frame import Frame
from edgeboot.report.machine_boot.fetching import Fetching

FIRST: Final = 128
"""DHCP messages of a client that are kept from its beginning."""
LAST: Final = 128
"""And before its end: one that asks for hours is told by both."""
OTHERS: Final = 1024
"""Its other frames that are kept; a system in operation has any number."""
_SAME: Final = 0.02
"""Seconds within which a message that comes again is the same, captured at a second place: clients wait ten
times as long before they repeat themselves."""
_ENDS: Final = 26
"""Where a packet begins to be the same at every place: behind TTL and checksum, at its addresses."""


@dataclass(slots=True)
class Gathered:
    """What was kept of one client."""

    mac: MacAddress
    fetching: Fetching
    began: float
    """When its first DHCP message passed, in seconds since the epoch."""
    ended: float = 0.0
    """When the last packet passed that was kept."""
    addresses: set[bytes] = field(default_factory=set)
    """That were given to it, or that it has asked with."""
    twice: int = 0
    """DHCP messages that were captured twice."""
    left_out: int = 0
    """Frames that would have been kept, but for their number."""
    octets: int = 0
    """That are kept."""
    _latest: deque[tuple[float, bytes]] = field(default_factory=lambda: deque(maxlen=3))
    _first: list[Frame] = field(default_factory=list)
    _last: deque[Frame] = field(default_factory=deque)
    _others: list[Frame] = field(default_factory=list)

    @property
    def frames(self) -> tuple[Frame, ...]:
        """In the order of the capture."""
        every = chain(self._first, self._last, self._others)
        return tuple(sorted(every, key=lambda each: each.number))

    def message(self, frame: Frame) -> None:
        """Keep a DHCP message."""
        octets = frame.untagged.octets[_ENDS:]
        if any(frame.at - at < _SAME and octets == before for at, before in self._latest):
            self.twice += 1
            return
        self._latest.append((frame.at, octets))
        self._count(frame)
        if len(self._first) < FIRST:
            self._first.append(frame)
            return
        self._last.append(frame)
        if len(self._last) > LAST:
            self.octets -= len(self._last.popleft().octets)
            self.left_out += 1

    def other(self, frame: Frame) -> None:
        """Keep any other frame."""
        if len(self._others) < OTHERS:
            self._count(frame)
            self._others.append(frame)
        else:
            self.left_out += 1

    def _count(self, frame: Frame) -> None:
        self.octets += len(frame.octets)
        self.ended = max(self.ended, frame.at)
