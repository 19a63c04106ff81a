"""What the server's machine and log show while many nodes ask it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Final

from edgeboot.host.process_use import ProcessUse, Throttling, socket_buffer
from edgeboot.host.processes import Process
from edgeboot.server.dnsmasq.telling import Telling, telling_lines
from edgeboot.server.protocol import DhcpServer

_LISTED_AGAIN: Final = 1.0
"""Seconds between two searches for the processes of a server that has none any more."""

_MOST_SAMPLES: Final = 200


@dataclass(frozen=True, slots=True)
class UseSample:
    """What the server had used at a moment."""

    seconds: float
    """From the beginning."""
    processor: float
    """Seconds of processor time since the beginning."""
    written: int
    """Octets written to files since the beginning; 0 where that is not known."""


@dataclass(frozen=True, slots=True)
class ServerUse:
    """From the first look to the last; None is what this machine does not show."""

    logged: Mapping[Telling, int]
    """How many lines of its log have each of dnsmasq's telling words."""
    logged_in_time: Mapping[Telling, int] = field(default_factory=dict)
    """Those of them that had come by the last look at its machine."""
    address: IPv4Address | None = None
    mac: str | None = None
    restarts: int = 0
    """How often it was started meanwhile, as its log says."""
    ended: bool = False
    """Whether it did not run any more at the end."""
    processor: float | None = None
    """Seconds of processor time of its processes."""
    throttled: Throttling | None = None
    """How often its control group had used up its processor time, and for how long it was kept waiting."""
    drops: int | None = None
    """Datagrams for which its UDP sockets had no room."""
    socket_buffer: int | None = None
    """Octets of such a socket's receive buffer, if it has asked for no other."""
    written: int | None = None
    """Octets that it wrote to files: lease file and log."""
    samples: tuple[UseSample, ...] = ()


class UseObserver:
    """Looks at a server from outside, at a few files of /proc, which takes the server no time.

    Args:
        server: the server under test; the first look at it is now.
        about: how the MAC addresses of the nodes begin whose messages are counted, such as "02:eb:57".
    """

    def __init__(self, server: DhcpServer, about: str = "") -> None:
        self._server = server
        self._about = about
        self._log_from = self._log_to = server.log.end
        self._first_instance = self._instance = server.instance
        self._processes: Sequence[Process] = ()
        self._listed_at = 0.0
        self._first: dict[int, ProcessUse] = {}
        self._last: dict[int, ProcessUse] = {}
        self._samples: list[UseSample] = []
        self._list_processes(0.0)
        self._first = dict(self._last)

    def sample(self, seconds: float) -> None:
        """Look now, so many seconds after the beginning."""
        alive, self._log_to = self._read(), self._server.log.end
        renewed = self._instance != self._server.instance
        if renewed or (not alive and seconds > self._listed_at + _LISTED_AGAIN):
            self._list_processes(seconds)
        if self._last:
            self._samples.append(UseSample(seconds, self._processor or 0.0, self._written or 0))

    def use(self) -> ServerUse:
        """All that was seen, with what the log has said up to now."""
        lines = self._server.log.lines
        logged = telling_lines(lines[self._log_from :], self._about)
        restarts = max(logged.pop(Telling.STARTED, 0), self._first_instance != self._server.instance)
        # It says so when it starts, and that was before.
        logged[Telling.TFTP_RESTRICTED] = telling_lines(lines)[Telling.TFTP_RESTRICTED]
        return ServerUse(
            logged=dict(+logged),
            logged_in_time=dict(telling_lines(lines[self._log_from : self._log_to], self._about)),
            address=self._server.address,
            mac=str(self._server.mac),
            restarts=restarts,
            ended=not self._server.running,
            processor=self._processor,
            throttled=self._throttled(),
            drops=self._drops(),
            socket_buffer=socket_buffer() if self._last else None,
            written=self._written,
            samples=tuple(self._samples[:: 1 + len(self._samples) // _MOST_SAMPLES]),
        )

    def _list_processes(self, seconds: float) -> None:
        self._instance, self._listed_at = self._server.instance, seconds
        self._processes = self._server.processes
        self._read()

    def _read(self) -> bool:
        """Whether any of its processes is there."""
        alive = False
        for process in self._processes:
            with suppress(OSError):  # It has ended: what was seen of it last remains.
                self._last[process.pid] = ProcessUse.of(process)
                alive = True
        return alive

    @property
    def _processor(self) -> float | None:
        first = {pid: use.processor for pid, use in self._first.items()}
        used = [use.processor - first.get(pid, 0.0) for pid, use in self._last.items()]
        return sum(used) if used else None

    @property
    def _written(self) -> int | None:
        first = {pid: use.written or 0 for pid, use in self._first.items()}
        octets = [
            use.written - first.get(pid, 0) for pid, use in self._last.items() if use.written is not None
        ]
        return sum(octets) if octets else None

    def _drops(self) -> int | None:
        first, last = (
            dict(drop for use in uses.values() for drop in (use.drops or {}).items())
            for uses in (self._first, self._last)
        )
        if all(use.drops is None for use in self._last.values()):
            return None
        return sum(count - first.get(inode, 0) for inode, count in last.items())

    def _throttled(self) -> Throttling | None:
        first, last = (
            [use.throttled for use in uses.values() if use.throttled is not None]
            for uses in (self._first, self._last)
        )
        if not last:
            return None
        return last[-1].since(first[0] if first else Throttling(0, 0.0))
