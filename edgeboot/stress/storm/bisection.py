"""Where something begins to break, found by few tries: each is expensive, and some say nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_REPEATS: Final = 3
"""How often the highest value that holds is tried: what arrives at random may have been lucky once."""
_NEAR: Final = 0.1
"""The share of it by which the lowest value that broke is above the highest that held, at the end."""
_INCONCLUSIVE: Final = 2
"""Tries after which a value is given up that could not be judged."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One try of a value."""

    value: int
    held: bool | None
    """None where it could not be judged."""


@dataclass(frozen=True, slots=True)
class Bracket:
    """What is known of the edge: all values are whole numbers."""

    held: int | None
    """The highest value below every one that broke which held as often as it was tried."""
    broke: int | None
    """The lowest value that broke at least once."""
    not_judged: int | None
    """The lowest value from ``held`` on that was given up unjudged, if nothing broke below it."""

    @classmethod
    def of(cls, tries: Iterable[Tried]) -> Bracket:
        """What these tries show."""
        by_value: dict[int, list[bool | None]] = {}
        for each in tries:
            by_value.setdefault(each.value, []).append(each.held)
        broke = min((value for value, all_ in by_value.items() if False in all_), default=None)
        below = [value for value in by_value if broke is None or value < broke]
        held = max((value for value in below if True in by_value[value]), default=None)
        given_up = (
            value
            for value in below
            if (held is None or value >= held)
            and by_value[value].count(None) >= _INCONCLUSIVE
            and by_value[value].count(True) < _REPEATS
        )
        return cls(held, broke, min(given_up, default=None))

    @property
    def ceiling(self) -> int | None:
        """No value from here on is going to be tried."""
        return min((each for each in (self.broke, self.not_judged) if each is not None), default=None)


@dataclass(frozen=True, slots=True)
class Bisection:
    """The edge between these values: doubles and halves from the first, then goes to the geometric middle.

    A value that broke once is broken: what happens in one storm of three happens to an operator. So the
    highest that held is tried again, with other arrivals, until it has held three times or broken.
    """

    first: int
    least: int
    most: int

    def next_value(self, tries: Sequence[Tried]) -> int | None:
        """The value to be tried next; None where the edge is known well enough."""
        if not tries:
            return min(max(self.first, self.least), self.most)
        last = tries[-1]
        if last.held is None and [each.value for each in tries].count(last.value) < _INCONCLUSIVE:
            return last.value
        bracket = Bracket.of(tries)
        held, ceiling = bracket.held, bracket.ceiling
        if held is None:
            return None if ceiling is None or ceiling <= self.least else max(self.least, ceiling // 2)
        if ceiling is None and held < self.most:
            return min(self.most, 2 * held)
        if ceiling is not None and ceiling - held > max(1.0, _NEAR * held):
            return min(ceiling - 1, max(held + 1, round(math.sqrt(held * ceiling))))
        passed = sum(each.value == held and each.held is True for each in tries)
        return held if passed < _REPEATS and bracket.not_judged != held else None
