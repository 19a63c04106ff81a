"""A look into a Pod's container, through its node: the image has no shell of its own."""

from __future__ import annotations

from typing import Final

from edgeboot.errors import LabError
from edgeboot.labs.kind.docker import docker

_PROCESSES: Final = """
processes=$(grep --files-with-matches --no-messages "$1" /proc/[0-9]*/cgroup | tr -dc '0-9\\n')
set -- "$2" $processes
"""
"""Those of one container: the name of its cgroup carries its id."""


def read_inside(node: str, container: str, path: str) -> str:
    """A file as the container sees it; empty where the file or the container is not there."""
    return _run(node, container, path, 'cat "/proc/$2/root$1" 2>/dev/null || true')


def kill_inside(node: str, container: str) -> None:
    """SIGKILL every process of the container.

    Raises:
        LabError: it has none.
    """
    if not _run(node, container, "", 'shift; [ $# = 0 ] || { kill -KILL "$@" && echo killed; }'):
        raise LabError(
            f"container {container}", "has no process that could be killed", "see kubectl describe"
        )


def _run(node: str, container: str, argument: str, script: str) -> str:
    container_id = container.rpartition("//")[2]
    return docker("exec", node, "sh", "-c", _PROCESSES + script, "sh", container_id, argument)
