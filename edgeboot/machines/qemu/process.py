"""The QEMU process of a virtual machine, which outlives the run that started it if that is killed."""

from __future__ import annotations

import os
import select
import signal
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from edgeboot.base.deadline import Wait
from edgeboot.host.leftovers import NamedLeftover
from edgeboot.host.processes import Process, processes


class VirtualMachine(NamedLeftover):
    """A QEMU process as a leftover; its name is the guest's, which no other process has.

    Found by its command line: where the lab is in a user namespace, nobody outside sees its namespaces.
    """

    kind: ClassVar[str] = "virtual machine"

    def undo(self) -> bool:
        """Kill it and wait for its end; False if it does not run.

        Raises:
            OSError: it is another user's, or does not end.
        """
        found = tuple(processes(self._is_it))
        for process in found:
            with suppress(ProcessLookupError):
                _kill(process)
        return bool(found)

    def _is_it(self, process: Process) -> bool:
        command = process.command
        return (
            bool(command)
            and Path(command[0]).name.startswith("qemu-system-")
            and f"guest={self.name}" in command
        )


def _kill(process: Process) -> None:
    """Send SIGKILL, and wait for the end: its interface can be removed then.

    Raises:
        OSError: it has ended already, is another user's, or does not end.
    """
    handle = os.pidfd_open(process.pid)
    try:
        signal.pidfd_send_signal(handle, signal.SIGKILL)
        ended, _, _ = select.select([handle], [], [], Wait.SERVER_STOP.total_seconds())
    finally:
        os.close(handle)
    if not ended:
        raise OSError(f"process {process.pid} does not end")
