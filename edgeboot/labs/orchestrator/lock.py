"""A lock per interface: one run at a time, and the run in progress is named to others."""

from __future__ import annotations

import fcntl
import json
import os
import pwd
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Final, TextIO

from edgeboot.base.errors import LabError
from edgeboot.host.leftovers import PathLeftover

_LOCKS: Final = Path("/run/lock")
"""hier(7): shared by all users of this machine, unlike their journals."""


class SegmentLock:
    """Held from ``take`` to ``give_back``, or until the process ends, even by SIGKILL."""

    def __init__(self, interface: str, directory: Path | None = None) -> None:
        self._interface = interface
        directory = directory or (_LOCKS if _LOCKS.is_dir() else Path(tempfile.gettempdir()))
        self.path = directory / f"edgeboot-{interface}.lock"
        self._file: TextIO | None = None

    def take(self, run: str) -> None:
        """Become the run in progress.

        Raises:
            LabError: another run is in progress; with its user and start time.
        """
        self._file = self._open()
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not self._still_there():
                self._file.close()
                self.take(run)
                return
        except BlockingIOError:
            holder = self._holder()
            self._file.close()
            self._file = None
            raise LabError(
                f"interface {self._interface}", f"{holder} is using it", "wait for its end, or end it"
            ) from None
        try:
            user = pwd.getpwuid(os.geteuid()).pw_name
        except KeyError:  # A container runs as any number.
            user = f"user {os.geteuid()}"
        since = datetime.now().astimezone().isoformat(timespec="seconds")
        self._file.truncate(0)
        self._file.write(json.dumps({"run": run, "process": os.getpid(), "user": user, "since": since}))
        self._file.flush()

    def give_back(self) -> None:
        """Release the lock; a no-op without ``take``."""
        if self._file is not None:
            with suppress(OSError):  # Another user's file cannot be unlinked; empty is enough.
                self._file.truncate(0)
                self.path.unlink()
            self._file.close()
            self._file = None

    def _open(self) -> TextIO:
        while True:
            try:
                # No O_CREAT for an existing file: fs.protected_regular denies it to other users.
                descriptor = os.open(self.path, os.O_RDWR)
            except FileNotFoundError:
                with suppress(FileExistsError):
                    descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
                    os.fchmod(descriptor, 0o666)
                    os.close(descriptor)
            except OSError as error:
                raise LabError(
                    f"lock {self.path}", f"cannot be had ({error.strerror})", "remove it, or run as its owner"
                ) from error
            else:
                return os.fdopen(descriptor, "r+", encoding="utf-8")

    def _still_there(self) -> bool:
        """Whether the open file still has that name: its last holder may just have removed it."""
        assert self._file is not None  # noqa: S101 - just opened
        with suppress(FileNotFoundError):
            return self.path.samefile(f"/proc/self/fd/{self._file.fileno()}")
        return False

    def _holder(self) -> str:
        assert self._file is not None  # noqa: S101 - just opened
        try:
            holder = json.loads(self._file.read())
            process = f"process {holder['process']}, since {holder['since']}"
            return f"run {holder['run']} of {holder['user']} ({process})"
        except (ValueError, KeyError, TypeError):
            return "another run"


class LockFile(PathLeftover):
    """The file of a segment's lock as a leftover of a killed run."""

    kind: ClassVar[str] = "lock file"

    def undo(self) -> bool:
        """Remove it; False if it does not exist, or another run holds it."""
        try:
            file = self.path.open("rb")
        except FileNotFoundError:
            return False
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            self.path.unlink()
        return True
