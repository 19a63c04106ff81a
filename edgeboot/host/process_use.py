"""What a process has used of this machine so far, from /proc and its control group.

Sources: proc(5), cgroups(7), the kernel's Documentation/admin-guide/cgroup-v2.rst and
Documentation/scheduler/sched-bwc.rst.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

from edgeboot.host.processes import Process

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_USER_TIME, _SYSTEM_TIME = 11, 12
"""Fields of /proc/PID/stat behind the name, from 0."""
_CGROUPS: Final = Path("/sys/fs/cgroup")
_SOCKET: Final = "socket:["
_TABLES: Final = ("udp", "udp6")
_INODE, _DROPS = 9, -1
"""Fields of a line of /proc/PID/net/udp, from 0."""

_BUFFER: Final = Path("/proc/sys/net/core/rmem_default")


@dataclass(frozen=True, slots=True)
class Throttling:
    """How often a control group has used up its processor time before a period's end."""

    periods: int
    seconds: float
    """For which its processes were kept from running, as the kernel counts: on each processor by itself."""
    above: str = ""
    """The group's directory, where it is one above the process's own; empty for that."""
    quota: float = 0.0
    """Seconds of processor time that it may use in each period; 0 where that is not known."""
    period: float = 0.0
    """Seconds."""

    @property
    def waited(self) -> float:
        """Seconds for which it was kept from running at most: no period is longer than it is."""
        return min(self.seconds, self.periods * self.period) if self.period else self.seconds

    def since(self, earlier: Throttling) -> Throttling:
        """What has been added; all of it where the control group is a newer one."""
        if self.seconds < earlier.seconds or self.periods < earlier.periods:
            return self
        periods, seconds = self.periods - earlier.periods, self.seconds - earlier.seconds
        return replace(self, periods=periods, seconds=seconds)


@dataclass(frozen=True, slots=True)
class ProcessUse:
    """What a process has used since its start; None is what this process may not look at."""

    processor: float
    """Seconds of processor time."""
    written: int | None
    """Octets written to files and pipes, whatever became of them; what it sends is not counted."""
    drops: Mapping[str, int] | None
    """Datagrams that had no room in the buffer of each of its UDP sockets, by the sockets' inodes."""
    throttled: Mapping[Path, Throttling]
    """Since each was made, of its control group and of those above it that count it, by their directories."""

    @classmethod
    def of(cls, process: Process) -> Self:
        """By now.

        Raises:
            OSError: it has ended.
        """
        processor = _processor(process)
        octets, drops = None, None
        with suppress(PermissionError):
            octets = _written(process)
            drops = dict(_drops(process))
        return cls(processor, octets, drops, dict(_throttling(process)))


def _processor(process: Process) -> float:
    stat = (process.directory / "stat").read_text(encoding="utf-8", errors="replace")
    fields = stat.rpartition(")")[2].split()
    return (int(fields[_USER_TIME]) + int(fields[_SYSTEM_TIME])) / _TICKS


def _written(process: Process) -> int | None:
    text = (process.directory / "io").read_text(encoding="ascii")
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("wchar:")), None)


def _drops(process: Process) -> Iterator[tuple[str, int]]:
    own = set(_sockets(process))
    for table in _TABLES:
        for fields in _rows(process.directory / "net" / table):
            if fields[_INODE] in own:
                yield fields[_INODE], int(fields[_DROPS])


def _sockets(process: Process) -> Iterator[str]:
    for descriptor in (process.directory / "fd").iterdir():
        with suppress(OSError):  # It has been closed meanwhile.
            target = str(descriptor.readlink())
            if target.startswith(_SOCKET):
                yield target.removeprefix(_SOCKET).rstrip("]")


def _rows(table: Path) -> Iterator[list[str]]:
    with suppress(FileNotFoundError):  # A kernel without IPv6 has no table of it.
        yield from (line.split() for line in table.read_text(encoding="ascii").splitlines()[1:])


def _control_groups(process: Process) -> Iterator[Path]:
    """Directories of the control group that limits its processor time, and of those above it."""
    for line in process.cgroup.splitlines():
        _, controllers, path = line.split(":", 2)
        if not controllers:
            mounts = (_CGROUPS, _CGROUPS / "unified")
        elif "cpu" in controllers.split(","):
            mounts = (_CGROUPS / controllers, _CGROUPS / "cpu")
        else:
            continue
        mount = next((each for each in mounts if (each / "cgroup.procs").exists()), None)
        own = Path(path.lstrip("/"))
        if mount is not None:
            yield from (mount / each for each in (own, *own.parents) if each != Path())


def _throttling(process: Process) -> Iterator[tuple[Path, Throttling]]:
    own: Path | None = None
    for directory in _control_groups(process):
        own = own if own is not None and own.is_relative_to(directory) else directory
        with suppress(OSError):
            lines = (directory / "cpu.stat").read_text(encoding="ascii").splitlines()
            stat = {name: int(count) for name, count in map(str.split, lines)}
            # Nanoseconds in version 1, microseconds in version 2.
            seconds = stat.get("throttled_time", 0) / 1e9 + stat.get("throttled_usec", 0) / 1e6
            above = "" if directory == own else str(directory)
            yield directory, Throttling(stat.get("nr_throttled", 0), seconds, above, *_bandwidth(directory))


def _bandwidth(directory: Path) -> tuple[float, float]:
    """Quota and period of a control group in seconds; zeros where it has no limit of its own."""
    with suppress(OSError, ValueError):
        if (directory / "cpu.max").exists():
            words = (directory / "cpu.max").read_text(encoding="ascii").split()
        else:
            files = (directory / "cpu.cfs_quota_us", directory / "cpu.cfs_period_us")
            words = [each.read_text(encoding="ascii") for each in files]
        quota, period = map(int, words)  # Of "max" and of -1 there is none.
        if quota > 0:
            return quota / 1e6, period / 1e6
    return 0.0, 0.0


def socket_buffer() -> int | None:
    """Octets of the receive buffer of a socket that asks for no other (socket(7)); None where it is not seen.

    A datagram takes more of it than it is long: about 1.3 kB for a DHCP message.
    """
    with suppress(OSError, ValueError):
        return int(_BUFFER.read_text(encoding="ascii"))
    return None
