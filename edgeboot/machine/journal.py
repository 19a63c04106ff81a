"""What was made on this machine, on disk before it is made, and how it is removed.

One file per owner process, locked by it (flock) as long as it lives: the kernel drops
the lock with the process, so a journal whose lock can be had belongs to nobody and is
replayed backwards. The same code cleans up at the end of a run, at the start of the
next and in ``edgeboot clean``.
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO, Self

from edgeboot.base.errors import LabError
from edgeboot.base.paths import state_directory
from edgeboot.labs.clean import Kind, Made, undo

__all__ = ["Journal", "Kind", "Made", "clean"]


class Journal:
    """The record of one owner; a context manager that removes everything on leaving.

    What a dead owner of the same name left is removed first.

    Raises:
        LabError: the owner of this name lives, what it left cannot be removed, or nothing
            can be written down.
    """

    def __init__(self, run: str, directory: Path | None = None) -> None:
        self.run = run
        directory = directory or state_directory() / "journal"
        self.path = directory / f"{run}.jsonl"
        try:
            directory.mkdir(parents=True, exist_ok=True)
            _replay(self.path)
            self._file = _new(self.path)
        except OSError as error:
            raise _cannot_write(self.path, error) from error
        self._standing: list[Made] = []

    def about_to_make(self, made: Made) -> None:
        """Write down what is going to exist; on disk when this returns.

        Raises:
            LabError: it cannot be written down, so it must not be made.
        """
        try:
            self._write("make", made)
        except OSError as error:
            raise _cannot_write(self.path, error) from error
        self._standing.append(made)

    def remove(self, made: Made) -> None:
        """Remove one thing now, and write that down."""
        undo(made)
        self._standing.remove(made)
        with suppress(OSError):  # On a full disk it stays written down, and is looked for in vain later.
            self._write("removed", made)

    def keep(self, made: Made) -> None:
        """Strike a thing off: it stays, and is its user's from now on."""
        self._standing.remove(made)
        self._write("kept", made)

    def remove_all(self) -> None:
        """Remove everything that stands, the youngest first, and then the journal itself."""
        for made in reversed(self._standing.copy()):
            self.remove(made)
        self.path.unlink(missing_ok=True)
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove_all()

    def _write(self, what: str, made: Made) -> None:
        entry = {"what": what} | asdict(made) | {"kind": made.kind.name}
        self._file.write(json.dumps(entry).encode() + b"\n")
        os.fsync(self._file.fileno())


def clean(directory: Path | None = None) -> list[Made]:
    """Remove what runs that no longer live have left; returns it.

    Raises:
        LabError: something cannot be removed; the journal stays for the next try.
    """
    removed: list[Made] = []
    for path in sorted((directory or state_directory() / "journal").glob("*.jsonl")):
        removed += _replay(path)
    return removed


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
        raise LabError(f"journal {path}", "its run is alive", "wait for its end") from None
    finally:
        Path(unnamed).unlink()
    return file


def _cannot_write(path: Path, error: OSError) -> LabError:
    where, problem = f"journal {path}", f"cannot be written ({error.strerror})"
    return LabError(where, problem, "make room, or name another place by XDG_STATE_HOME")


def _replay(path: Path) -> list[Made]:
    """Remove what stands in a journal nobody holds, and the journal; returns what was there."""
    try:
        file = path.open("r+b")
    except FileNotFoundError:
        return []  # Another clean was faster, as below.
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return []  # Its run is alive.
        if not (path.exists() and path.samefile(f"/proc/self/fd/{file.fileno()}")):
            return []
        removed = [made for made in reversed(_standing(file)) if undo(made)]
        path.unlink(missing_ok=True)
    return removed


def _standing(lines: Iterable[bytes]) -> list[Made]:
    standing: list[Made] = []
    for line in lines:
        try:
            entry = json.loads(line)
            what, made = entry["what"], Made(Kind[entry["kind"]], str(entry["name"]))
        except (ValueError, KeyError, TypeError):
            continue  # The line that was being written when its owner died: nothing was made yet.
        if what == "make":
            standing.append(made)
        elif made in standing:
            standing.remove(made)
    return standing
