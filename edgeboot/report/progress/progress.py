"""How far a run is: its tests, its labs, and how much time it will still take."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from edgeboot.base.waiting import LONG, Waiting
from edgeboot.report.progress.doing import Doing, changes

_ENOUGH: Final = 5.0
"""Seconds after the first test's beginning from which on the pace says something."""
_WINDOW: Final = 10.0
"""Seconds by which the pace is measured: it grows as labs come up, and the last tests are slow ones."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A run at one moment; times are in seconds."""

    elapsed: float
    done: int
    every: int | None
    """The number of all tests; None before they are collected."""
    red: int
    left: float | None
    """An estimate; None where there is none yet."""
    stage: str | None
    """Of the first lab, as long as that is not up; of the run before there is one."""
    test: str | None
    """The one that has been running longest."""
    wait: str | None


@dataclass
class Progress:
    """Follows a run by its events, which may come from several threads.

    Args:
        lab: the name of its kind of lab.
        began: when the run began, on the monotonic clock, like every other moment here.
        end: when its time is up; None where it has as long as it takes.
    """

    lab: str
    began: float
    end: float | None = None
    _every: int | None = None
    _done: dict[str, float] = field(default_factory=dict)
    """When each test has ended, in that order."""
    _red: set[str] = field(default_factory=set)
    _running: dict[str, float] = field(default_factory=dict)
    _labs: dict[str, Doing] = field(default_factory=dict)
    """By the process that has it."""
    _told: set[Waiting] = field(default_factory=set)
    _first_test: float | None = None
    _lock: Lock = field(default_factory=Lock)

    def collected(self, tests: int) -> None:
        """So many tests will be run."""
        self._every = tests

    def begun(self, test: str, now: float) -> None:
        """A test has begun."""
        with self._lock:
            self._running[test] = now
            self._first_test = self._first_test or now

    def ended(self, test: str, now: float) -> None:
        """A test has ended, or will not be run."""
        with self._lock:
            self._running.pop(test, None)
            self._done.setdefault(test, now)

    def failed(self, test: str) -> None:
        """A test has failed, in whichever phase."""
        self._red.add(test)

    def gone(self, process: str) -> None:
        """A process with a lab has ended."""
        with self._lock:
            self._labs.pop(process, None)

    def note(self, process: str, doing: Doing) -> list[str]:
        """What a process with a lab is doing now; returns what is new of the first lab, a line each."""
        with self._lock:
            before = self._labs.get(process, Doing())
            self._labs[process] = doing
            is_first = next(iter(self._labs)) == process
        return list(changes(self.lab, before, doing)) if is_first else []

    def overdue(self, now: float) -> Iterator[str]:
        """The waits of labs that come up which have become long since the last call, a line each."""
        with self._lock:
            waits = [each.wait for each in self._labs.values() if each.up is None and each.wait is not None]
        for wait in waits:
            if wait.lasted(now) >= LONG and wait not in self._told:
                self._told.add(wait)
                yield f"edgeboot: lab {self.lab} waits for {wait.at(now)}"

    def at(self, now: float) -> Moment:
        """The run at that moment."""
        with self._lock:
            labs, running = list(self._labs.values()), dict(self._running)
        waits = [each.wait for each in labs if each.wait is not None]
        oldest = min(waits, key=lambda wait: wait.began, default=None)
        return Moment(
            elapsed=now - self.began,
            done=len(self._done),
            every=self._every,
            red=len(self._red),
            left=self._left(now),
            stage=self._stage(labs),
            test=min(running, key=lambda test: running[test], default=None),
            wait=None if oldest is None else oldest.at(now),
        )

    def _stage(self, labs: list[Doing]) -> str | None:
        if self._every is None:
            return "collecting tests"
        if any(each.up is not None for each in labs):
            return None
        stages = labs[0].running if labs else ()
        return f"lab {self.lab}: {', '.join(stages)}" if stages else f"lab {self.lab}"

    def _left(self, now: float) -> float | None:
        """By the pace of the last seconds; never beyond the end of the run's time."""
        since = self._first_test
        if self._every is None or since is None or now - since < _ENOUGH:
            return None
        window = min(_WINDOW, now - since)
        with self._lock:
            ends = reversed(self._done.values())
            lately = sum(1 for _ in itertools.takewhile(lambda end: end > now - window, ends))
        if not lately:
            return None
        left = window / lately * max(0, self._every - len(self._done))
        return left if self.end is None else min(left, max(0.0, self.end - now))
