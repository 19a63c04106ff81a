"""What is heard of a machine that is not at a port of the lab's own: a site's, on the same segment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from edgeboot.base.deadline import Deadline
from edgeboot.host.wire.frame import Frame
from edgeboot.host.wire.port import Port

PLACE: Final = "a port beside it, or the server's"
_TO_A_GROUP: Final = 1
"""The bit of a destination's first octet that broadcasts and multicasts have."""


@dataclass(frozen=True, slots=True)
class HeardBeside:
    """What it says to everybody, and what passes between it and the server under test.

    Args:
        listener: another port on the segment, which hears what is sent to everybody.
        at_the_server: what has passed the server's own port since the last call.
    """

    listener: Port
    at_the_server: Callable[[], Sequence[Frame]]

    def pending(self) -> list[Frame]:
        """What has come since the last call."""
        return self._with_servers(self.listener.pending())

    def collect(self, deadline: Deadline) -> list[Frame]:
        """That, and what comes until the deadline."""
        return self._with_servers(self.listener.collect(deadline))

    def _with_servers(self, heard: Iterable[Frame]) -> list[Frame]:
        # What is sent to everybody passes both ports: it is taken once.
        alone = (frame for frame in self.at_the_server() if not frame.octets[0] & _TO_A_GROUP)
        return sorted((*heard, *alone), key=lambda frame: frame.at)
