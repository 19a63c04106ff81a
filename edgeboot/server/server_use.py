"""What the server's machine and log show while many nodes ask it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final, TypeAlias

from edgeboot.host.neighbour_table import NeighbourTable
from edgeboot.host.process_use import ProcessUse, Throttling, socket_buffer
from edgeboot.host.processes import Process
from edgeboot.server.dnsmasq.telling import Telling, telling_lines
from edgeboot.server.log import LogLine
from edgeboot.server.protocol import DhcpServer

_LISTED_AGAIN: Final = 1.0
"""Seconds between two searches for the processes of a server that has none any more."""

_MOST_SAMPLES: Final = 200

_Started: TypeAlias = tuple[int, int]
"""A process's id, and when it was started."""


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
    """Of its control group, or of the one above it that kept it waiting longest meanwhile."""
    drops: int | None = None
    """Datagrams for which its UDP sockets had no room."""
    socket_buffer: int | None = None
    """Octets of such a socket's receive buffer, if it has asked for no other."""
    written: int | None = None
    """Octets that it wrote to files: lease file and log."""
    most_sockets: int | None = None
    """How many UDP sockets more than at the first look it had at once: dnsmasq has one for each transfer."""
    neighbours_refused: int | None = None
    """How often the table of neighbours of its machine's kernel had no place for another one."""
    neighbours_limit: int | None = None
    """How many that table holds."""
    logged_until: float | None = None
    """When its log last had a line about a node, in seconds from the beginning; None where it had none."""
    samples: tuple[UseSample, ...] = ()


@dataclass(frozen=True, slots=True)
class _End:
    """What was at the moment that is the end."""

    ended: bool
    is_another: bool
    """Whether another one runs than at the first look."""
    log_to: int


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
        self._end: _End | None = None
        self._processes: dict[Process, int] = {}
        self._listed_at = 0.0
        self._first: dict[_Started, ProcessUse] = {}
        self._last: dict[_Started, ProcessUse] = {}
        self._throttled_first: dict[Path, Throttling] = {}
        self._throttled_last: dict[Path, Throttling] = {}
        self._samples: list[UseSample] = []
        self._sockets: list[int] = []
        self._neighbours = NeighbourTable.now()
        self._list_processes(0.0)
        self._first = dict(self._last)
        self._sockets_first = self._open_sockets()

    def sample(self, seconds: float) -> None:
        """Look now, so many seconds after the beginning."""
        alive, self._log_to = self._read(), self._server.log.end
        renewed = self._instance != self._server.instance
        if renewed or (not alive and seconds > self._listed_at + _LISTED_AGAIN):
            self._list_processes(seconds)
        if self._last:
            self._samples.append(UseSample(seconds, self._processor or 0.0, self._written or 0))
            self._sockets.append(self._open_sockets())

    def end(self) -> None:
        """Now: if the server is ended or started from now on, nobody waits for it."""
        self._end = self._seen()

    def use(self, began: float = 0.0) -> ServerUse:
        """All that was seen, with what the log has said of messages up to now.

        Args:
            began: the beginning, in seconds since the epoch.
        """
        end = self._end or self._seen()
        lines = self._server.log.lines
        logged = telling_lines(lines[self._log_from :], self._about)
        del logged[Telling.STARTED]
        starts = telling_lines(lines[self._log_from : end.log_to])[Telling.STARTED]
        # It says so when it starts, and that was before.
        logged[Telling.TFTP_RESTRICTED] = telling_lines(lines)[Telling.TFTP_RESTRICTED]
        return ServerUse(
            logged=dict(+logged),
            logged_in_time=dict(telling_lines(lines[self._log_from : self._log_to], self._about)),
            address=self._server.address,
            mac=str(self._server.mac),
            restarts=max(starts, int(end.is_another)),
            ended=end.ended,
            processor=self._processor,
            throttled=self._throttled(),
            drops=self._drops(),
            socket_buffer=socket_buffer() if self._last else None,
            written=self._written,
            most_sockets=max(self._sockets) - self._sockets_first if self._sockets else None,
            samples=self._some_samples(),
            logged_until=self._logged_until(lines[self._log_from : end.log_to], began),
            **self._full_table(),
        )

    def _seen(self) -> _End:
        is_another = self._first_instance != self._server.instance
        return _End(not self._server.running, is_another, self._server.log.end)

    def _list_processes(self, seconds: float) -> None:
        self._instance, self._listed_at = self._server.instance, seconds
        self._processes = {}
        for process in self._server.processes:
            with suppress(OSError):
                self._processes[process] = process.started
        self._read()

    def _read(self) -> bool:
        """Whether any of its processes is there."""
        alive = False
        for process, started in self._processes.items():
            with suppress(OSError):  # It has ended: what was seen of it last remains.
                use = ProcessUse.of(process)
                if process.started == started:  # Not another one that has got its id.
                    self._last[process.pid, started] = use
                    self._throttled_last |= use.throttled
                    self._throttled_first = {**use.throttled, **self._throttled_first}
                    alive = True
        return alive

    def _some_samples(self) -> tuple[UseSample, ...]:
        """At equal distances, and the last."""
        return (*self._samples[: -1 : 1 + len(self._samples) // _MOST_SAMPLES], *self._samples[-1:])

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

    def _open_sockets(self) -> int:
        """Of the processes that there were at the last look, which may share some."""
        known = ((process.pid, started) for process, started in self._processes.items())
        uses = (self._last[each] for each in known if each in self._last)
        return len({inode for use in uses for inode in use.drops or ()})

    def _full_table(self) -> dict[str, int]:
        """Where the server is on this machine: elsewhere it has a table of its own."""
        first, last = self._neighbours, NeighbourTable.now()
        if first is None or last is None or not self._last:
            return {}
        return {"neighbours_refused": last.refused - first.refused, "neighbours_limit": last.limit}

    def _logged_until(self, lines: Sequence[LogLine], began: float) -> float | None:
        about = (line.at - began for line in reversed(lines) if self._about and self._about in line.text)
        return next(about, None)

    def _throttled(self) -> Throttling | None:
        added = [last.since(self._throttled_first[group]) for group, last in self._throttled_last.items()]
        return max(added, key=lambda each: each.waited, default=None)
