"""When the replies of a storm have ended while nodes still asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from edgeboot.stress.storm.round_result import Recorded

_LEAST: Final = 1.0
"""Seconds: who has asked so shortly before the end may have been answered after it."""


@dataclass(frozen=True, slots=True)
class Silence:
    """The end of a storm, in which no reply came; times are in seconds from its beginning."""

    since: float
    """When the last reply came, to whichever node; 0 where none did."""
    nodes: int
    """How many nodes have asked after it, in vain."""
    until: float
    """When the last of them asked."""

    @classmethod
    def of(cls, recorded: Sequence[Recorded], began: float, elapsed: float, last_reply: float) -> Self | None:
        """None where nobody has asked in vain after the last reply.

        Args:
            recorded: what became of the nodes in each round.
            began: the beginning of the storm on the monotonic clock.
            elapsed: seconds that it took.
            last_reply: when that came on the same clock; 0 for none.
        """
        latest = began + elapsed - _LEAST
        sent = [at for each in recorded for at in each.nodes.sent if last_reply < at < latest]
        return cls(max(0.0, last_reply - began), len(sent), max(sent) - began) if sent else None
