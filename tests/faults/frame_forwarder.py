"""A wire that changes, loses or delays what passes: the scriptable bad server.

usage: python -m tests.faults.frame_forwarder NAMESPACE PORT FAULT

Frames of the server come in at PORT and leave at ``outside``, and the other way
round. What a fault does to a DHCP reply it does with scapy, to that one field.
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
from edgeboot.machine.wire.port import EVERYTHING, Port
from tests.faults.frame_injection import WIRE
from tests.faults.frame_rules import NOBODY, Sent, Wire
from tests.faults.interposed import OUTSIDE, READY

_PR_SET_PDEATHSIG: Final = 1


@dataclass
class Mail:
    """What is to be sent, each at its time."""

    _due: list[tuple[float, int, bytes, bool]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def post(self, sent: Sent, *, from_server: bool) -> None:
        """Take it; it goes on in its own direction unless it is to go back."""
        at = time.monotonic() + sent.delay.total_seconds()
        heapq.heappush(self._due, (at, next(self._numbers), sent.frame, from_server != sent.back))

    @property
    def patience(self) -> float | None:
        """Seconds until the next is due; None where nothing waits."""
        return max(0.0, self._due[0][0] - time.monotonic()) if self._due else None

    def due(self) -> Iterator[tuple[bytes, bool]]:
        """What is due, and whether it goes to the segment."""
        while self._due and self._due[0][0] <= time.monotonic():
            _, _, frame, outward = heapq.heappop(self._due)
            yield frame, outward


def main(namespace: str, port: str, fault: str) -> None:
    """Pass frames on until it is killed, or until who started it ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    make: Callable[[], Wire] = WIRE[fault]
    wire = make()
    nobody = MacAddress.parse(NOBODY)
    inside, outside = (Port(each, nobody, namespace=namespace, bpf=EVERYTHING) for each in (port, OUTSIDE))
    print(READY, flush=True)  # noqa: T201 - whoever started it waits for this line
    mail = Mail()
    while True:
        readable, _, _ = select.select([inside, outside], [], [], mail.patience)
        for each in readable:
            changed = wire.from_server if each is inside else wire.from_segment
            for frame in each.pending():
                for sent in changed(frame.octets):
                    mail.post(sent, from_server=each is inside)
        for octets, outward in mail.due():
            (outside if outward else inside).send(octets)


if __name__ == "__main__":
    main(*sys.argv[1:])
