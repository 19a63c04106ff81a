"""A look into a Pod's container from this machine, whose kernel runs it: the image has no shell.

Docker runs the node here, so its containers' processes are this machine's, too.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath

from edgeboot.base.errors import LabError
from edgeboot.host.inside import inside
from edgeboot.host.processes import Process, processes


def read_inside(container: str, path: str) -> str:
    """A file as the container sees it; empty where the file or the container is not there."""
    for process in container_processes(container):
        with suppress(OSError):  # It has ended meanwhile, or there is no such file.
            found = inside(process.directory / "root", PurePosixPath(path))
            return found.read_text(encoding="utf-8", errors="replace")
    return ""


def status_of(container: str) -> str:
    """proc(5)'s status of the container's process; empty where it has ended."""
    for process in container_processes(container):
        with suppress(OSError):
            return (process.directory / "status").read_text(encoding="utf-8", errors="replace")
    return ""


def kill_inside(container: str) -> None:
    """SIGKILL every process of the container.

    Raises:
        LabError: it has none.
    """
    signal_inside(container, signal.SIGKILL)


def signal_inside(container: str, number: signal.Signals) -> None:
    """Send a signal to every process of the container.

    Raises:
        LabError: it has none.
    """
    reached = 0
    for process in container_processes(container):
        with suppress(ProcessLookupError):
            process.send(number)
            reached += 1
    if not reached:
        raise LabError(
            f"container {container}", f"has no process to send {number.name} to", "see kubectl describe"
        )


def container_processes(container: str) -> Iterator[Process]:
    """The container's processes, oldest first: the name of their cgroup carries its id."""
    identity = container.rpartition("//")[2]
    return processes(lambda process: identity in process.cgroup)
