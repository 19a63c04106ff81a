"""Whether a file or directory that a run writes at its end can be written, found out before it begins."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from edgeboot.base.errors import UsageError


def check_directory(path: Path, option: str) -> None:
    """Return where files can be made in a directory; it is made for the look if it does not exist.

    Raises:
        UsageError: they cannot; the error names ``option``.
    """
    with _refused(path, option, "name a directory that may be written"):
        _try_directory(path)


def check_file(path: Path, option: str) -> None:
    """Return where a file can be written; what it holds stays, and a new one is removed again.

    Raises:
        UsageError: it cannot; the error names ``option``.
    """
    with _refused(path, option, "name a file that may be written"):
        if path.exists():
            path.open("ab").close()
        else:
            _try_directory(path.parent)


def _try_directory(path: Path) -> None:
    made = [each for each in (path, *path.parents) if not each.exists()]
    try:
        path.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=path).close()
    finally:
        for each in made:
            with suppress(OSError):  # It was not made, or another process has put something there.
                each.rmdir()


@contextmanager
def _refused(path: Path, option: str, hint: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(f"{option} {path}", f"cannot be written ({error.strerror})", hint) from error
