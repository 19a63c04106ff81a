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
        made = _make(path)
        try:
            tempfile.TemporaryFile(dir=path).close()
        finally:
            for each in made:
                with suppress(OSError):  # Another process has put something there.
                    each.rmdir()


def check_file(path: Path, option: str) -> None:
    """Return where a file can be written; what it holds stays, and a new one is removed again.

    Raises:
        UsageError: it cannot; the error names ``option``.
    """
    with _refused(path, option, "name a file that may be written"):
        if path.exists():
            path.open("ab").close()
            return
    check_directory(path.parent, option)


def _make(path: Path) -> list[Path]:
    """Make a directory with its parents; those that were made, the innermost first."""
    missing = [each for each in (path, *path.parents) if not each.exists()]
    path.mkdir(parents=True, exist_ok=True)
    return missing


@contextmanager
def _refused(path: Path, option: str, hint: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(f"{option} {path}", f"cannot be written ({error.strerror})", hint) from error
