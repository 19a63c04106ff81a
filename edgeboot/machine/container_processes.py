"""A look into a Pod's container from this machine, whose kernel runs it: the image has no shell.

Docker runs the node here, so its containers' processes are this machine's, too.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import suppress

from edgeboot.base.errors import LabError
from edgeboot.machine.processes import Process, processes


def read_inside(container: str, path: str) -> str:
    """A file as the container sees it; empty where the file or the container is not there."""
    return _first_text(container, f"root/{path.lstrip('/')}")


def status_of(container: str) -> str:
    """proc(5)'s status of the container's process; empty where it has ended."""
    return _first_text(container, "status")


def kill_inside(container: str) -> None:
    """SIGKILL every process of the container.

    Raises:
        LabError: it has none.
    """
    killed = 0
    for process in container_processes(container):
        with suppress(ProcessLookupError):
            process.send(signal.SIGKILL)
            killed += 1
    if not killed:
        raise LabError(
            f"container {container}", "has no process that could be killed", "see kubectl describe"
        )


def container_processes(container: str) -> Iterator[Process]:
    """The container's processes, oldest first: the name of their cgroup carries its id."""
    identity = container.rpartition("//")[2]
    return processes(lambda process: identity in process.cgroup)


def _first_text(container: str, path: str) -> str:
    for process in container_processes(container):
        with suppress(OSError):  # It has ended meanwhile.
            return (process.directory / path).read_text(encoding="utf-8", errors="replace")
    return ""
