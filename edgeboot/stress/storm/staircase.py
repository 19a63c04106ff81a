"""Offers that come one at a time, some seconds apart, while other nodes wait: the shape of a ping check.

dnsmasq pings a new address for three seconds before it offers it, and reads no DHCPDISCOVER meanwhile;
after six such checks within half a minute it offers without. On the wire nobody's ping is seen: it
looks for the address by ARP, and nobody answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Self

_SHORTEST, _LONGEST = 2.8, 3.9
"""Of a step, in seconds: three, and what a busy server takes beside. EDK2 asks again after four."""
_FEWEST_STEPS: Final = 3
_FEWEST_WAITING: Final = 2


@dataclass(frozen=True, slots=True)
class Offered:
    """A node's first offer; times are in seconds from the beginning of the storm."""

    at: float
    address: int
    asked: float
    """When its first DHCPDISCOVER was intended."""


@dataclass(frozen=True, slots=True)
class Staircase:
    """A run of offers, each alone."""

    steps: int
    mean: float
    """Seconds from one to the next."""
    ended: float
    """When the last of them came, in seconds from the beginning."""
    waiting: int
    """Other nodes that had asked before its last step, and got their offer with it or later."""
    looked_for: int
    """Of how many of these addresses the server asked by ARP who has them, before it offered them."""

    @property
    def is_ping_check(self) -> bool:
        """Whether the server was seen looking for most of these addresses: other slowness is not seen so."""
        return 2 * self.looked_for > self.steps

    @classmethod
    def of(cls, offers: Sequence[Offered], looked_for: Mapping[int, float]) -> Self | None:
        """The longest one; None where there is none of three steps with other nodes waiting.

        Args:
            offers: of all nodes that got one.
            looked_for: when the server asked by ARP for an address, in seconds from the beginning.
        """
        ordered = sorted(offers, key=lambda each: each.at)
        if not ordered:
            return None
        steps = _longest_run(ordered)
        if len(steps) < _FEWEST_STEPS:
            return None
        last = steps[-1].at
        waiting = sum(each.asked < last - _SHORTEST and each.at >= last for each in ordered) - 1
        if waiting < _FEWEST_WAITING:
            return None
        before = last - len(steps) * _LONGEST
        found = sum(before - _LONGEST < looked_for.get(each.address, each.at) < each.at - 1 for each in steps)
        gaps = [each.at - previous.at for previous, each in pairwise(steps)]
        return cls(len(steps), sum(gaps) / len(gaps), last, waiting, found)


def _longest_run(ordered: Sequence[Offered]) -> list[Offered]:
    """The longest run of offers that came a step after the one before; the first, after its own question."""
    longest: list[Offered] = []
    run: list[Offered] = []
    before = min(each.asked for each in ordered)
    for each in ordered:
        run = [*run, each] if _SHORTEST <= each.at - before <= _LONGEST else []
        longest = max(longest, run, key=len)
        before = each.at
    return longest
