"""A machine's console: the lines that its firmware writes, as events with their time."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from edgeboot.base.deadline import Deadline

_CONTROL: Final = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-Z\\-_]|[\x00-\x08\x0b-\x1f\x7f]")
"""Sequences of a terminal (ECMA-48) and other control characters, but tab and line feed."""
_MOVES: Final = re.compile(rb"\x1b\[[0-9;]*[Hf]|\r")
"""What starts a line elsewhere: a cursor's place, or a carriage return."""
_KEPT: Final = 1 << 20
"""Octets of an unfinished line that are kept."""


@dataclass(frozen=True, slots=True)
class ConsoleLine:
    """A line that a machine wrote: when its last octet came (seconds since the epoch), and its text."""

    at: float
    text: str


@dataclass
class Console:
    """Takes a machine's octets as they come, from any thread, and keeps the lines."""

    clock: Callable[[], float] = time.time
    _lines: list[ConsoleLine] = field(default_factory=list)
    _rest: bytes = b""
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def feed(self, octets: bytes) -> None:
        """Add what the machine wrote."""
        with self._changed:
            text = _MOVES.sub(b"\n", self._rest + octets)
            *whole, rest = text.split(b"\n")
            self._rest = rest[-_KEPT:]
            now = self.clock()
            self._lines += [ConsoleLine(now, line) for each in whole if (line := _shown(each))]
            self._changed.notify_all()

    @property
    def lines(self) -> tuple[ConsoleLine, ...]:
        """Every line so far, and the one that is being written."""
        with self._changed:
            return self._so_far()

    def wait_for(self, pattern: str, deadline: Deadline, since: float = 0.0) -> ConsoleLine | None:
        """The first line since then in which the regular expression is found; None when time is over."""
        wanted = re.compile(pattern)
        with self._changed:
            while True:
                for line in self._so_far():
                    if line.at >= since and wanted.search(line.text):
                        return line
                if deadline.passed:
                    return None
                self._changed.wait(deadline.remaining)

    def _so_far(self) -> tuple[ConsoleLine, ...]:
        rest = _shown(self._rest)
        return (*self._lines, *((ConsoleLine(self.clock(), rest),) if rest else ()))


def _shown(octets: bytes) -> str:
    return _CONTROL.sub(b"", octets).decode("utf-8", "replace").strip()
