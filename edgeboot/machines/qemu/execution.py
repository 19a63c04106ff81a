"""One run of QEMU: from the power-on of a virtual machine to its power-off."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

from edgeboot.host.journal import Journal
from edgeboot.host.namespace import in_namespace
from edgeboot.machines.console import Console
from edgeboot.machines.protocol import MachineError
from edgeboot.machines.qemu.monitor import Monitor
from edgeboot.machines.qemu.process import VirtualMachine
from edgeboot.machines.qemu.serial import SerialLine

Command = Callable[[int], list[str]]
"""QEMU's command line, by the descriptor of its end of the monitor's socket."""


class Execution:
    """A QEMU process with its monitor and serial console; the machine is halted at first.

    Args:
        leftover: names the process; it is journalled before there is one.
        command: its command line.
        namespace: the network namespace it runs in; None for this process's.
        log: a file for what it writes itself.
        console: takes what the machine writes.
        journal: records the leftover.

    Raises:
        UsageError: qemu.qmp is not installed.
        MachineError: QEMU does not start; the text is what it says.
    """

    def __init__(
        self,
        leftover: VirtualMachine,
        command: Command,
        namespace: str | None,
        log: Path,
        console: Console,
        journal: Journal,
    ) -> None:
        self._leftover = leftover
        self._journal = journal
        monitor, its_monitor = socket.socketpair()
        journal.about_to_make(leftover)
        with its_monitor, log.open("wb") as messages:
            descriptor = its_monitor.fileno()
            self._process = _execute(command(descriptor), namespace, messages.fileno(), descriptor)
        self._serial = SerialLine(self._process, console)
        try:
            self.monitor = Monitor(leftover.name, monitor)
        except BaseException as error:
            self._kill()
            self._forget()
            said = log.read_text(encoding="utf-8", errors="replace").strip()
            if isinstance(error, MachineError) and said:
                problem = f"QEMU does not start: {said.splitlines()[-1]}"
                raise MachineError(leftover.name, problem, "see tools/system-packages machines") from error
            raise

    @property
    def is_running(self) -> bool:
        """Whether the process is there; a machine that was switched off by its system has none."""
        return self._process.poll() is None

    def go_on(self) -> None:
        """Let the halted machine execute its next instruction, the first one at first."""
        self.monitor.execute("cont")

    def type(self, text: str) -> None:
        """Send keys to the serial console."""
        self._serial.type(text)

    def end(self) -> None:
        """Kill it; what the machine has written into its files stays."""
        self._kill()
        self.monitor.close()
        self._forget()

    def _kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def _forget(self) -> None:
        self._serial.close()
        self._journal.remove(self._leftover)


def _execute(
    command: list[str], namespace: str | None, messages: int, monitor: int
) -> subprocess.Popen[bytes]:
    def popen() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=messages,
            pass_fds=(monitor,),
            start_new_session=True,
        )

    return popen() if namespace is None else in_namespace(namespace, popen)
