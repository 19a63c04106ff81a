"""A look into a Pod's container from this machine, whose kernel runs it: the image has no shell.

Docker runs the node here, so its containers' processes are this machine's, too.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from edgeboot.base.errors import LabError

_PROCESSES: Final = Path("/proc")


def read_inside(container: str, path: str) -> str:
    """A file as the container sees it; empty where the file or the container is not there."""
    for process in processes(container):
        with suppress(OSError):
            return (process / "root" / path.lstrip("/")).read_text(encoding="utf-8", errors="replace")
    return ""


def status_of(container: str) -> str:
    """proc(5)'s status of the container's process; empty where it has ended."""
    for process in processes(container):
        with suppress(OSError):
            return (process / "status").read_text(encoding="utf-8", errors="replace")
    return ""


def kill_inside(container: str) -> None:
    """SIGKILL every process of the container.

    Raises:
        LabError: it has none.
    """
    killed = 0
    for process in processes(container):
        with suppress(ProcessLookupError):
            os.kill(int(process.name), signal.SIGKILL)
            killed += 1
    if not killed:
        raise LabError(
            f"container {container}", "has no process that could be killed", "see kubectl describe"
        )


def processes(container: str) -> Iterator[Path]:
    """The container's processes, oldest first: the name of their cgroup carries its id."""
    identity = container.rpartition("//")[2].encode()
    for process in sorted(_PROCESSES.glob("[0-9]*"), key=lambda each: int(each.name)):
        with suppress(OSError):  # It has ended meanwhile.
            if identity in (process / "cgroup").read_bytes():
                yield process
