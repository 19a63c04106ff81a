"""The processes of this machine, as /proc shows them (proc(5))."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")


@dataclass(frozen=True, slots=True)
class Process:
    """One process; every property is read anew, and raises OSError once the process has ended."""

    pid: int

    @property
    def directory(self) -> Path:
        """Its directory in /proc."""
        return _PROC / str(self.pid)

    @property
    def name(self) -> str:
        """Its program's name, cut to 15 characters."""
        return (self.directory / "comm").read_text(encoding="utf-8", errors="replace").rstrip("\n")

    @property
    def command(self) -> list[str]:
        """Its command line as a list of arguments; empty for a zombie and for a kernel thread."""
        return (self.directory / "cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]

    @property
    def parent(self) -> int:
        """Its parent's process id."""
        status = (self.directory / "stat").read_text(encoding="utf-8", errors="replace")
        return int(status.rpartition(")")[2].split()[1])

    @property
    def started(self) -> int:
        """When it was started, in clock ticks since the machine was: a later process may get its id."""
        status = (self.directory / "stat").read_text(encoding="utf-8", errors="replace")
        return int(status.rpartition(")")[2].split()[19])

    @property
    def network_namespace(self) -> int:
        """The inode of its network namespace; readable only with the right to trace it."""
        return (self.directory / "ns" / "net").stat().st_ino

    @property
    def cgroup(self) -> str:
        """Its control groups; a container's id is in their names."""
        return (self.directory / "cgroup").read_text(encoding="utf-8", errors="replace")

    def send(self, number: signal.Signals) -> None:
        """Send it a signal.

        Raises:
            OSError: it has ended, or is another user's.
        """
        os.kill(self.pid, number)


def processes(matches: Callable[[Process], bool]) -> Iterator[Process]:
    """The processes for which ``matches`` is true, in order of id; without those that end meanwhile."""
    for pid in sorted(int(each.name) for each in _PROC.glob("[0-9]*")):
        process, is_match = Process(pid), False
        with suppress(OSError):  # It has ended, or is another user's.
            is_match = matches(process)
        if is_match:
            yield process


def descendants(pid: int) -> Iterator[Process]:
    """The processes that a process has started, and those that they have started; without itself."""
    for child in tuple(processes(lambda process: process.parent == pid)):
        yield child
        yield from descendants(child.pid)
