"""A path inside another root directory, with its symbolic links followed there and not on this machine."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Final

_MOST_LINKS: Final = 40
"""path_resolution(7): the kernel gives up there, too."""


def inside(root: Path, path: PurePosixPath) -> Path:
    """Where an absolute path of the other root is on this machine; it need not exist.

    Args:
        root: the other root, such as ``/proc/PID/root``.
        path: as a process with that root would write it.

    Raises:
        OSError: too many symbolic links.
    """
    found, left, links = root, list(path.parts[1:]), 0
    while left:
        part = left.pop(0)
        if part == "..":
            found = found if found == root else found.parent
            continue
        step = found / part
        if not step.is_symlink():
            found = step
            continue
        links += 1
        if links > _MOST_LINKS:
            raise OSError(f"too many symbolic links in {path}")
        target = PurePosixPath(step.readlink())
        if target.is_absolute():
            found, target = root, target.relative_to("/")
        left = [*target.parts, *left]
    return found
