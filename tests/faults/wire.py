"""A wire that changes, loses or delays what passes: the scriptable bad server.

usage: python -m tests.faults.wire NAMESPACE PORT FAULT

Frames of the server come in at PORT and leave at ``outside``, and the other way
round. What a fault does to a DHCP reply it does with scapy, to that one field.
"""

from __future__ import annotations

import ctypes
import heapq
import itertools
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from pyroute2 import netns

from tests.faults.between import OUTSIDE, READY
from tests.faults.wire_faults import WIRE
from tests.faults.wire_frames import Sent, Wire

_PR_SET_PDEATHSIG: Final = 1
_PACKET_OUTGOING: Final = 4
_LONGEST: Final = 65_600
_SOL_PACKET: Final = 263
_PACKET_ADD_MEMBERSHIP: Final = 1
_PROMISCUOUS: Final = 1
_ETH_P_ALL: Final = 3


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
    netns.setns(namespace, flags=0)
    inside, outside = packet_socket(port), packet_socket(OUTSIDE)
    print(READY, flush=True)  # noqa: T201 - whoever started it waits for this line
    mail = Mail()
    while True:
        readable, _, _ = select.select([inside, outside], [], [], mail.patience)
        for each in readable:
            for frame in pending(each):
                passed = wire.from_server(frame) if each is inside else wire.from_segment(frame)
                for sent in passed:
                    mail.post(sent, from_server=each is inside)
        for frame, outward in mail.due():
            (outside if outward else inside).send(frame)


def packet_socket(interface: str) -> socket.socket:
    """Hears every frame of the interface."""
    opened = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_ALL))
    opened.bind((interface, _ETH_P_ALL))
    index = socket.if_nametoindex(interface)
    membership = index.to_bytes(4, sys.byteorder) + _PROMISCUOUS.to_bytes(2, sys.byteorder) + bytes(10)
    opened.setsockopt(_SOL_PACKET, _PACKET_ADD_MEMBERSHIP, membership)
    opened.setblocking(False)
    return opened


def pending(opened: socket.socket) -> Iterator[bytes]:
    """The frames that came in since the last look, without those that were sent here."""
    while True:
        try:
            frame, address = opened.recvfrom(_LONGEST)
        except BlockingIOError:
            return
        kind: Any = address[2]
        if kind != _PACKET_OUTGOING:
            yield frame


if __name__ == "__main__":
    main(*sys.argv[1:])
