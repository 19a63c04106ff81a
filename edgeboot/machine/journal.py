"""What a run makes on this machine, written to disk before it is made, so that a crash leaves no trace.

One file per owner process, locked by it (flock) as long as it lives: the kernel drops the
lock with the process, so a journal whose lock can be had belongs to nobody, and
``edgeboot.labs.clean`` undoes what is in it, the youngest first. A line is one JSON object::

    {"v": 1, "event": "make", "kind": "directory", "fields": {"path": "/tmp/edgeboot-ab12cd"}}
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Final, Protocol, Self

from edgeboot.base.errors import LabError
from edgeboot.base.paths import state_directory

VERSION: Final = 1
"""Of the lines' schema."""
SUFFIX: Final = ".jsonl"


class Leftover(Protocol):
    """One thing that is left behind unless it is undone.

    Each kind is a small frozen class beside the code that makes it; its ``str`` is what a
    user reads. ``edgeboot.labs.clean.KINDS`` lists them.
    """

    kind: ClassVar[str]
    """Its name in journals; never changed once there was one."""

    def to_json(self) -> dict[str, Any]:
        """Its fields, all that is needed to undo it in another process."""

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """The same thing again.

        Raises:
            KeyError, TypeError, ValueError: these are not the fields that ``to_json`` writes.
        """

    def undo(self) -> bool:
        """Remove it, or put back what it took away; False where there is nothing to do (any more).

        Undoing twice is as good as once: an owner may be killed between doing it and writing that down.

        Raises:
            OSError: it cannot be undone; the text is the reason.
            EdgebootError: the same, with a hint of its own.
        """


class EntryEvent(StrEnum):
    """What a line says of its leftover."""

    MAKE = "make"
    """It is about to be made."""
    REMOVED = "removed"
    KEPT = "kept"
    """It stays, and is its user's from now on."""


class Journal:
    """The record of one living owner; a context manager that removes everything on leaving.

    Raises:
        LabError: there is a journal of this name, of an owner that lives or was killed, or
            nothing can be written down.
    """

    def __init__(self, run: str, directory: Path | None = None) -> None:
        self.run = run
        directory = directory or journals()
        self.path = directory / f"{run}{SUFFIX}"
        try:
            directory.mkdir(parents=True, exist_ok=True)
            self._file = _new(self.path)
        except OSError as error:
            raise _cannot_write(self.path, error) from error
        self._standing: list[Leftover] = []

    def about_to_make(self, leftover: Leftover) -> None:
        """Write down what is going to exist; on disk when this returns.

        Raises:
            LabError: it cannot be written down, so it must not be made.
        """
        try:
            self._write(EntryEvent.MAKE, leftover)
        except OSError as error:
            raise _cannot_write(self.path, error) from error
        self._standing.append(leftover)

    def remove(self, leftover: Leftover) -> None:
        """Undo one thing now, and write that down."""
        undo(leftover)
        self._standing.remove(leftover)
        with suppress(OSError):  # On a full disk it stays written down, and is looked for in vain later.
            self._write(EntryEvent.REMOVED, leftover)

    def keep(self, leftover: Leftover) -> None:
        """Strike a thing off: it stays, and is its user's from now on."""
        self._standing.remove(leftover)
        self._write(EntryEvent.KEPT, leftover)

    def remove_all(self) -> None:
        """Undo everything that stands, the youngest first, and remove the journal itself."""
        for leftover in reversed(self._standing.copy()):
            self.remove(leftover)
        self.path.unlink(missing_ok=True)
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove_all()

    def _write(self, event: EntryEvent, leftover: Leftover) -> None:
        line = {"v": VERSION, "event": event, "kind": leftover.kind, "fields": leftover.to_json()}
        self._file.write(json.dumps(line).encode() + b"\n")
        os.fsync(self._file.fileno())


def journals() -> Path:
    """The directory of this user's journals."""
    return state_directory() / "journal"


def undo(leftover: Leftover) -> bool:
    """Undo one thing; False where there was nothing to do.

    Raises:
        EdgebootError: it cannot be undone.
    """
    try:
        return leftover.undo()
    except OSError as error:
        hint = "remove it as root, then run edgeboot clean"
        raise LabError(str(leftover), f"cannot be removed ({error})", hint) from error


@contextmanager
def abandoned(path: Path) -> Iterator[BinaryIO | None]:
    """A dead owner's journal, locked; None where its owner lives, or another clean has removed it."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        yield None
        return
    with file:
        yield file if _lock(file) and _is_still(path, file) else None


def _new(path: Path) -> BinaryIO:
    """An empty journal, locked before it has its name: no clean can be faster."""
    descriptor, unnamed = tempfile.mkstemp(dir=path.parent)
    # Unbuffered: what a full disk refuses must not be tried again at close.
    file = os.fdopen(descriptor, "wb", buffering=0)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        path.hardlink_to(unnamed)
    except FileExistsError:
        file.close()
        raise _taken(path) from None
    finally:
        Path(unnamed).unlink()
    return file


def _taken(path: Path) -> LabError:
    with abandoned(path) as file:
        if file is None:
            return LabError(f"journal {path}", "its run is alive", "wait for its end")
    return LabError(f"journal {path}", "was left by a killed run", "run edgeboot clean")


def _lock(file: BinaryIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_still(path: Path, file: BinaryIO) -> bool:
    with suppress(FileNotFoundError):
        return path.samefile(f"/proc/self/fd/{file.fileno()}")
    return False


def _cannot_write(path: Path, error: OSError) -> LabError:
    where, problem = f"journal {path}", f"cannot be written ({error.strerror})"
    return LabError(where, problem, "make room, or name another place by XDG_STATE_HOME")
