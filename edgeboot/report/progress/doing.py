"""What one process with a lab is doing, as it is sent to the process that prints."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

from edgeboot.base.waiting import Waiting, long_wait
from edgeboot.labs.protocol import Lab

_SHOWN_AFTER: Final = 0.5
"""Seconds that a wait has lasted before it is told: most end sooner."""


@dataclass(frozen=True, slots=True)
class Doing:
    """A moment of one process with a lab."""

    running: tuple[str, ...] = ()
    """Stages of the lab's bring-up that have begun and not ended."""
    ended: tuple[str, ...] = ()
    """Those that have ended, with their seconds."""
    up: str | None = None
    """How long the bring-up took, once the lab is up."""
    wait: Waiting | None = None
    """The oldest wait, if it may take long."""

    def encode(self) -> str:
        """As JSON."""
        wait = self.wait and self.wait.to_json()
        return json.dumps({"running": self.running, "ended": self.ended, "up": self.up, "wait": wait})

    @classmethod
    def decode(cls, text: str) -> Self:
        """What ``encode`` wrote."""
        fields = json.loads(text)
        wait = None if fields["wait"] is None else Waiting.from_json(fields["wait"])
        return cls(tuple(fields["running"]), tuple(fields["ended"]), fields["up"], wait)


def doing(lab: Lab | None, now: float, *, is_up: bool) -> Doing:
    """What this process is doing.

    Args:
        lab: its lab; None before there is one.
        now: on the monotonic clock.
        is_up: whether the lab has come up.
    """
    wait = long_wait(now, after=_SHOWN_AFTER)
    if lab is None:
        return Doing(wait=wait)
    stages = lab.stages
    ended = tuple(map(str, tuple(stages.done)))
    return Doing(tuple(stages.running), ended, f"{stages.seconds:.1f} s" if is_up else None, wait)


def changes(lab: str, before: Doing, after: Doing) -> Iterator[str]:
    """What to say of a lab that comes up where no line can be drawn anew: a line for each stage.

    Args:
        lab: its name.
        before: what is told already.
        after: what is known now.
    """
    for stage in after.ended[len(before.ended) :]:
        yield f"edgeboot: lab {lab}: {stage}"
    if after.up is not None and before.up is None:
        yield f"edgeboot: lab {lab} is up after {after.up}"
