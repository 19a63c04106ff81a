"""Forwards frames between two interfaces and changes, drops or delays them: a scriptable bad server.

usage: python -m tests.faults.frame_forwarder NAMESPACE PORT RULE

Frames from the server arrive at PORT and leave at ``outside``, and the other way
round. RULE is a key of FRAME_RULES in frame_injection.py.
"""

from __future__ import annotations

import ctypes
import heapq
import itertools
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.host.wire.port import EVERYTHING, Port
from tests.faults.frame_injection import FRAME_RULES
from tests.faults.frame_rules import ABSENT_MAC, FrameRule, Outgoing
from tests.faults.interposed import OUTSIDE, READY

_PR_SET_PDEATHSIG: Final = 1


@dataclass
class FrameQueue:
    """Frames to send, ordered by the time when each is due."""

    _due: list[tuple[float, int, bytes, bool]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def put(self, outgoing: Outgoing, *, from_server: bool) -> None:
        """Add a frame; it is forwarded in its own direction unless it is to go back."""
        at = time.monotonic() + outgoing.delay.total_seconds()
        heapq.heappush(self._due, (at, next(self._numbers), outgoing.frame, from_server != outgoing.back))

    @property
    def timeout(self) -> float | None:
        """Seconds until the next frame is due; None if the queue is empty."""
        return max(0.0, self._due[0][0] - time.monotonic()) if self._due else None

    def due(self) -> Iterator[tuple[bytes, bool]]:
        """Remove and yield the frames that are due, each with whether it goes to the segment."""
        while self._due and self._due[0][0] <= time.monotonic():
            _, _, frame, outward = heapq.heappop(self._due)
            yield frame, outward


def main(namespace: str, port: str, rule_name: str) -> None:
    """Forward frames until killed, or until the process that started this one ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    make: Callable[[], FrameRule] = FRAME_RULES[rule_name]
    rule = make()
    absent = MacAddress.parse(ABSENT_MAC)
    inside, outside = (Port(each, absent, namespace=namespace, bpf=EVERYTHING) for each in (port, OUTSIDE))
    print(READY, flush=True)  # noqa: T201 - the process that started this one waits for this line
    queue = FrameQueue()
    while True:
        readable, _, _ = select.select([inside, outside], [], [], queue.timeout)
        for port_read in readable:
            apply_rule = rule.from_server if port_read is inside else rule.from_segment
            for frame in port_read.pending():
                for outgoing in apply_rule(frame.octets):
                    queue.put(outgoing, from_server=port_read is inside)
        for octets, outward in queue.due():
            (outside if outward else inside).send(octets)


if __name__ == "__main__":
    main(*sys.argv[1:])
