"""Files that a run writes: whether they can be, found out before it begins; and how each is written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from edgeboot.base.errors import UsageError

_A_FILE: Final = "name a file that may be written"


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
    with _refused(path, option, _A_FILE):
        if path.exists():
            path.open("ab").close()
        else:
            _try_directory(path.parent)


def mend_of(path: Path, error: OSError, hint: str) -> str:
    """The hint, and where this process lacks the permission, the place that its user must be given."""
    if not isinstance(error, PermissionError):
        return hint
    there = next(each for each in (path, *path.parents) if os.path.exists(each))  # noqa: PTH110
    return f"{hint}, or make {there} writable for user {os.geteuid()}"


def replace_file(path: Path, content: bytes) -> None:
    """Replace the file at once: a collector of metrics may read it at any moment.

    Everybody may read it, whatever the umask is: a collector has a user of its own.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}-{os.getpid()}")  # A collector reads names that end with .prom.
    try:
        beside.write_bytes(content)
        beside.chmod(0o644)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def writing(path: Path, option: str) -> Iterator[None]:
    """For what writes a file: its directory is made where it is missing, as ``check_file`` promises.

    Raises:
        UsageError: it cannot be written; the error names ``option``.
    """
    with _refused(path, option, _A_FILE):
        path.parent.mkdir(parents=True, exist_ok=True)
        yield


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
        mend = mend_of(path, error, hint)
        raise UsageError(f"{option} {path}", f"cannot be written ({error.strerror})", mend) from error
