"""A lease file that is written anew for each lease: each answer writes more than the one before.

dnsmasq does so: its file has a line of some 60 octets for each lease, and is written whole, and to the disk,
after each DHCPACK. A server that appends to a journal writes the same for each. Where the file is large from
the beginning its growth is too little to be seen: each answer writes a line for each lease that there is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Self

from edgeboot.server.server_use import UseSample

_FEWEST: Final = 100
"""Answers, without which nothing can be said of growth."""
_PARTS: Final = 4
_SHORTEST: Final = 0.5
"""Seconds of the first and of the last part: there are a few samples in each second."""
_LINE: Final = (30.0, 200.0)
"""Octets of a lease's line in a file."""
_MANY: Final = 1000
"""Leases of others, of which an answer's log and journal are far less than a line for each."""


@dataclass(frozen=True, slots=True)
class LeaseRewriting:
    """What an answer took in the first quarter of them, and in the last."""

    octets_at_first: float
    """Written for each answer."""
    octets_at_last: float
    per_lease: float
    """Octets by which an answer's are more with each lease that there is."""
    processor_at_first: float
    """Seconds of processor time for each answer."""
    processor_at_last: float
    rate_at_first: float
    """Answers in a second."""
    rate_at_last: float

    @classmethod
    def of(cls, acks: Sequence[float], samples: Sequence[UseSample], others: int = 0) -> Self | None:
        """None where what is written grows in another way, or where it is not known.

        Args:
            acks: when each DHCPACK came, in seconds from the beginning, in order.
            samples: of the server meanwhile.
            others: how many leases there are of other machines.
        """
        if len(acks) < _FEWEST or len(samples) < _PARTS or not samples[-1].written:
            return None
        part = len(acks) // _PARTS
        first, last = (acks[0], acks[part]), (acks[-1 - part], acks[-1])
        if min(first[1] - first[0], last[1] - last[0]) < _SHORTEST:
            return None
        at_first, at_last = (
            _used(samples, times, lambda each: each.written) / part for times in (first, last)
        )
        grown = (at_last - at_first) / (len(acks) - part)
        lines = at_first / (others + part / 2), at_last / (others + len(acks) - part / 2)
        if _LINE[0] <= grown <= _LINE[1]:
            per_lease = grown
        elif others >= _MANY and all(_LINE[0] <= each <= _LINE[1] for each in lines):
            per_lease = sum(lines) / len(lines)
        else:
            return None
        return cls(
            at_first,
            at_last,
            per_lease,
            processor_at_first=_used(samples, first, lambda each: each.processor) / part,
            processor_at_last=_used(samples, last, lambda each: each.processor) / part,
            rate_at_first=part / (first[1] - first[0]),
            rate_at_last=part / (last[1] - last[0]),
        )


def _used(
    samples: Sequence[UseSample], times: tuple[float, float], of: Callable[[UseSample], float]
) -> float:
    """From one moment to the other, between samples in proportion."""
    begin, end = (_at(samples, seconds, of) for seconds in times)
    return end - begin


def _at(samples: Sequence[UseSample], seconds: float, of: Callable[[UseSample], float]) -> float:
    following = bisect_right(samples, seconds, key=lambda each: each.seconds)
    if following == len(samples):
        return of(samples[-1])
    after = samples[following]
    before = samples[following - 1] if following else UseSample(0.0, 0.0, 0)
    share = (seconds - before.seconds) / (after.seconds - before.seconds)
    return of(before) + share * (of(after) - of(before))
