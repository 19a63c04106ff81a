"""What a run makes on this machine, journalled on disk before it is made, so that cleanup can remove it.

One file per owner process, which holds a lock on it (flock). The kernel releases the lock when
the process ends, so a journal that can be locked is abandoned, and ``edgeboot.labs.clean``
undoes its entries, the newest first. A line is one JSON object::

    {"v": 1, "event": "make", "kind": "directory", "fields": {"path": "/tmp/edgeboot-ab12cd"}}
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Final, Protocol, Self

from edgeboot.base.destination import mend_of
from edgeboot.base.errors import EdgebootError, LabError
from edgeboot.base.paths import state_directory

VERSION: Final = 1
"""The version of the lines' schema."""
SUFFIX: Final = ".jsonl"
OF_OTHERS: Final = frozenset({"libvirt DHCP"})
"""The kinds that others on a segment wait for."""
KEPT: Final = ".kept"
"""The suffix of a journal whose lab is left standing on purpose: only ``edgeboot clean`` undoes it."""


class Leftover(Protocol):
    """One thing that remains unless it is undone.

    Each kind is a small frozen class beside the code that makes it; its ``str`` is
    shown to users. ``edgeboot.labs.clean.KINDS`` lists them.
    """

    kind: ClassVar[str]
    """Its name in journals; never changed, since journals of earlier versions have it."""

    def to_json(self) -> dict[str, Any]:
        """Its fields: all that another process needs to undo it."""

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """The leftover whose fields ``to_json`` wrote.

        Raises:
            KeyError, TypeError, ValueError: these are not the fields that ``to_json`` writes.
        """

    def undo(self) -> bool:
        """Remove it, or restore what was changed; False if there is nothing (left) to do.

        Idempotent, since an owner may be killed after undoing it and before recording that.

        Raises:
            OSError: it cannot be undone; the text is the reason.
            EdgebootError: it cannot be undone; with a hint.
        """


class EntryEvent(StrEnum):
    """What happened to the leftover of a line."""

    MAKE = "make"
    """It is about to be made."""
    REMOVED = "removed"
    KEPT = "kept"
    """It is no longer tracked: its user is responsible for it."""
    NOTE = "note"
    """No leftover: what is known of a lab that is left standing."""


class Journal:
    """The journal of one running owner; a context manager that undoes everything on exit.

    Raises:
        LabError: a journal of this name exists, of a running or a killed owner, or it cannot
            be written.
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
        self._tracked: list[Leftover] = []

    def about_to_make(self, leftover: Leftover) -> None:
        """Record a thing before it is made; the entry is on disk when this returns.

        Raises:
            LabError: it cannot be recorded, so it must not be made.
        """
        try:
            self._write(EntryEvent.MAKE, leftover)
        except OSError as error:
            raise _cannot_write(self.path, error) from error
        self._tracked.append(leftover)

    def remove(self, leftover: Leftover) -> None:
        """Undo one thing now, and record that."""
        undo(leftover)
        self._tracked.remove(leftover)
        with suppress(OSError):  # With a full disk the entry stays; undoing it later does nothing.
            self._write(EntryEvent.REMOVED, leftover)

    def keep(self, leftover: Leftover) -> None:
        """Stop tracking a thing, which is not undone; its user is responsible for it."""
        self._tracked.remove(leftover)
        self._write(EntryEvent.KEPT, leftover)

    def remove_all(self, first: Collection[str] = ()) -> None:
        """Undo everything not undone yet, the newest first, and remove the journal itself.

        The kinds ``first`` go before. What cannot be undone hinders nothing else; the journal then stays.

        Raises:
            EdgebootError: something cannot be undone; the first of them.
        """
        problems: list[EdgebootError] = []
        newest_first = self._tracked[::-1]
        for leftover in sorted(newest_first, key=lambda each: each.kind not in first):
            try:
                self.remove(leftover)
            except EdgebootError as error:
                problems.append(error)
        if not problems:
            self.path.unlink(missing_ok=True)
        self._file.close()
        if problems:
            raise problems[0]

    def leave(self, lab: str, note: dict[str, Any]) -> None:
        """Leave everything standing, and the journal to ``edgeboot clean``; its last act.

        Args:
            lab: the name of the kind of lab, which gets into the file's name.
            note: what another process can tell of it.

        Raises:
            LabError: it cannot be written.
        """
        try:
            self._line(EntryEvent.NOTE, lab, note)
            self.path.rename(self.path.with_name(f"{self.run}.{lab}{KEPT}"))
        except OSError as error:
            raise _cannot_write(self.path, error) from error
        self._tracked.clear()
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.remove_all()
        finally:
            self._file.close()

    def _write(self, event: EntryEvent, leftover: Leftover) -> None:
        self._line(event, leftover.kind, leftover.to_json())

    def _line(self, event: EntryEvent, kind: str, fields: dict[str, Any]) -> None:
        line = {"v": VERSION, "event": event, "kind": kind, "fields": fields}
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
    """The journal of an ended owner, locked; None if the owner runs, or another cleanup removed it."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        yield None
        return
    with file:
        yield file if _lock(file) and _is_still(path, file) else None


def _new(path: Path) -> BinaryIO:
    """An empty journal, locked before it has its name, so that no cleanup can lock it first."""
    descriptor, unnamed = tempfile.mkstemp(dir=path.parent)
    # Unbuffered: a write that failed on a full disk must not be retried at close.
    file = os.fdopen(descriptor, "wb", buffering=0)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        path.hardlink_to(unnamed)
    except BaseException as error:
        file.close()
        if isinstance(error, FileExistsError):
            raise _taken(path) from None
        raise
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
    room = "" if isinstance(error, PermissionError) else "make room, or "
    hint = mend_of(path, error, f"{room}name another place by XDG_STATE_HOME")
    return LabError(f"journal {path}", f"cannot be written ({error.strerror})", hint)
