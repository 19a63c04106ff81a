"""A limit of memory for one container, by a control group (cgroups(7), version 1 or 2)."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.errors import LabError
from edgeboot.host.journal import Journal
from edgeboot.host.leftovers import PathLeftover

_V2: Final = Path("/sys/fs/cgroup")
_V1: Final = _V2 / "memory"


class MemoryCgroup(PathLeftover):
    """A control group of a run's as a leftover, with every process in it."""

    kind: ClassVar[str] = "memory control group"

    def undo(self) -> bool:
        """Kill its processes and remove it; False if it does not exist.

        Raises:
            LabError: its processes do not end.
        """
        if not self.path.is_dir():
            return False

        def removed() -> bool | None:
            for pid in (self.path / "cgroup.procs").read_text(encoding="ascii").split():
                with suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)
            try:
                self.path.rmdir()
            except OSError:
                return None  # The kernel still counts a process that has just ended.
            return True

        return eventually(f"end of {self.path}", removed, Wait.SERVER_STOP, "see its cgroup.procs")


@dataclass(frozen=True, slots=True)
class MemoryLimit:
    """A control group that has been made, for processes that write themselves into ``procs``."""

    path: Path

    @property
    def procs(self) -> Path:
        """The file into which a process writes 0 to join."""
        return self.path / "cgroup.procs"

    @property
    def killed(self) -> int:
        """How many of its processes the kernel has killed for want of memory."""
        for name in ("memory.events", "memory.oom_control"):
            with suppress(FileNotFoundError):
                words = (self.path / name).read_text(encoding="ascii").split()
                return int(words[words.index("oom_kill") + 1])
        return 0


def obstacle_to_limits() -> str | None:
    """Why this process cannot limit memory on this machine; None where it can."""
    parent = _parent()
    if parent is None:
        return "this machine has no memory controller for it"
    if not os.access(parent, os.W_OK):
        return "it needs root"
    return None


def limit_memory(name: str, octets: int, journal: Journal) -> MemoryLimit:
    """Make a control group whose processes together may use ``octets`` of memory, and no swap.

    Raises:
        LabError: it cannot be made.
    """
    parent = _parent()
    if parent is None:
        raise LabError(f"memory limit {octets}", "no memory controller is here", "see cgroups(7)")
    path = parent / name
    journal.about_to_make(MemoryCgroup(path))
    try:
        path.mkdir()
        for file, value in _settings(octets):
            if (path / file).exists():
                (path / file).write_text(str(value), encoding="ascii")
    except OSError as error:
        raise LabError(f"memory limit {octets}", f"cannot be set ({error})", "run as root") from error
    return MemoryLimit(path)


def _settings(octets: int) -> tuple[tuple[str, int], ...]:
    """Of both versions, in the order in which the kernel takes them."""
    return (
        ("memory.limit_in_bytes", octets),
        ("memory.memsw.limit_in_bytes", octets),
        ("memory.swap.max", 0),
        ("memory.max", octets),
    )


def _parent() -> Path | None:
    """Where a control group with a limit of memory can be made; None if nowhere."""
    if (_V1 / "memory.limit_in_bytes").exists():
        return _V1
    try:
        controllers = (_V2 / "cgroup.subtree_control").read_text(encoding="ascii").split()
    except OSError:
        return None
    return _V2 if "memory" in controllers else None
