"""The sending of a round's frames: one for which there is no room is lost here, and counted."""

from __future__ import annotations

from collections.abc import Callable

from edgeboot.stress.storm.counters import Counters
from edgeboot.stress.storm.wire import Wire

Send = Callable[[bytes | bytearray], None]


def counting(wire: Wire, counters: Counters) -> Send:
    """What sends a frame by ``wire``, or counts it as unsent; any other failure is raised as it is."""
    to_wire = wire.send

    def send(frame: bytes | bytearray) -> None:
        try:
            to_wire(frame)
        except OSError as error:
            counters.count_unsent(error)

    return send
