"""A process that stays when a run has ended, since what it made is kept."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, Final

from edgeboot.host.leftovers import PathLeftover
from edgeboot.host.processes import Process, processes

PROGRAM: Final = "tee"


class KeptOutput(PathLeftover):
    """The process that writes a kept server's output to a file.

    Where a run has made its namespaces in a user namespace, they and their names last as long as it: no
    other process is left in the mount namespace that has the names.
    """

    kind: ClassVar[str] = "kept output"

    @property
    def command(self) -> tuple[str, ...]:
        """Its command line: it goes on when nobody reads its own output any more."""
        return (PROGRAM, "--append", "--output-error=warn", str(self.path))

    def undo(self) -> bool:
        """End it, and all processes of the user namespace that its run has entered; False if it is gone."""
        process = kept_output(self.path)
        if process is None:
            return False
        for each in (*_beside(process), process):
            with suppress(ProcessLookupError):
                each.send(signal.SIGKILL)
        return True


def kept_output(file: Path) -> Process | None:
    """The process that writes a kept server's output to this file, if there is one."""
    command = KeptOutput(file).command
    return next(processes(lambda each: tuple(each.command) == command), None)


def _beside(process: Process) -> tuple[Process, ...]:
    """The processes of its user namespace, if that is another one than ours, and of one user (a run's)."""
    its = _user_namespace(process)
    users = (process.directory / "uid_map").read_text(encoding="ascii").split()[2:]
    if its == _user_namespace(Process(os.getpid())) or users != ["1"]:
        return ()
    return tuple(processes(lambda each: _user_namespace(each) == its))


def _user_namespace(process: Process) -> int:
    return (process.directory / "ns" / "user").stat().st_ino
