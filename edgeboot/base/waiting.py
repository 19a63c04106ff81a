"""What this process waits for right now, for whoever shows a run's progress.

A wait says what it waits for and for how long at most, where it has its deadline. Nothing is called
when one begins or ends, since most last some milliseconds: who shows progress looks at ``waits`` now
and then, from a thread of its own.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Self

LONG: Final = 2.0
"""Seconds; a wait that may take longer is worth a word."""


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a wait: until some seconds after its beginning, this is what is waited for."""

    what: str
    until: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """A wait with a limit.

    Its beginning is in seconds on the monotonic clock, which all processes of a machine share.
    """

    began: float
    steps: tuple[Step, ...]
    """In their order; the last one's end is the limit."""

    @property
    def limit(self) -> float:
        """Seconds after which it ends in any case."""
        return self.steps[-1].until

    def lasted(self, now: float) -> float:
        """Seconds since its beginning, the limit at most."""
        return min(max(0.0, now - self.began), self.limit)

    def at(self, now: float) -> str:
        """What is waited for at that moment, for how long already, and of how many seconds."""
        lasted = self.lasted(now)
        step = next((each for each in self.steps if lasted < each.until), self.steps[-1])
        return f"{step.what}, {lasted:.1f} of {step.until:g} s"

    def to_json(self) -> dict[str, Any]:
        """For another process."""
        return {"began": self.began, "steps": [[step.what, step.until] for step in self.steps]}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """From the fields that ``to_json`` gave; raises KeyError, TypeError or ValueError without them."""
        return cls(
            float(fields["began"]), tuple(Step(str(what), float(end)) for what, end in fields["steps"])
        )


_waits: list[Waiting] = []


@contextmanager
def waiting(what: str, within: timedelta, first: tuple[str, timedelta] | None = None) -> Iterator[None]:
    """Within it this process waits.

    Args:
        what: is waited for.
        within: the limit.
        first: what is waited for at first, and how long that takes.
    """
    steps = () if first is None else (Step(first[0], first[1].total_seconds()),)
    wait = Waiting(time.monotonic(), (*steps, Step(what, within.total_seconds())))
    _waits.append(wait)
    try:
        yield
    finally:
        _waits.remove(wait)


def waits() -> tuple[Waiting, ...]:
    """Every wait of this process, the oldest first."""
    return tuple(_waits)


def long_wait(now: float, *, after: float) -> Waiting | None:
    """The oldest wait that has lasted so many seconds and may last ``LONG``; None where there is none."""
    return next((each for each in waits() if each.limit > LONG and each.lasted(now) >= after), None)
