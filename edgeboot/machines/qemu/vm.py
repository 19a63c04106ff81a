"""A virtual machine by QEMU: a ``Machine`` that is made here, and gone when it is closed."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from edgeboot.base.errors import UsageError
from edgeboot.base.mac import MacAddress
from edgeboot.host.command import find_program
from edgeboot.host.directory import Directory
from edgeboot.host.journal import Journal
from edgeboot.host.links import LinkEnd
from edgeboot.host.namespace import in_namespace
from edgeboot.machines.console import Console
from edgeboot.machines.protocol import MachineError, PowerState
from edgeboot.machines.qemu.command_line import Accelerator, Attachment, command_line, program
from edgeboot.machines.qemu.guest import Guest
from edgeboot.machines.qemu.monitor import Monitor
from edgeboot.machines.qemu.process import VirtualMachine
from edgeboot.machines.qemu.serial import SerialLine

_INSTALL: Final = "run tools/system-packages machines"


@dataclass(frozen=True, slots=True)
class _Running:
    process: subprocess.Popen[bytes]
    monitor: Monitor
    serial: SerialLine


class QemuMachine:
    """A virtual machine, off at first; use it as a context manager, which switches it off and removes it.

    Its variables stay from one power-on to the next, as a real machine's do; its memory does not.

    Args:
        guest: what it is made of.
        port: its TAP interface; QEMU runs in that namespace.
        directory: for its files; made here, and removed.
        journal: records what is made first.

    Raises:
        UsageError: QEMU or the firmware is not installed.
    """

    def __init__(self, guest: Guest, port: LinkEnd, directory: Path, journal: Journal) -> None:
        self._guest = guest
        self._port = port
        self._journal = journal
        self._title = f"edgeboot-{journal.run}-{guest.name}"
        self._console = Console()
        self._running: _Running | None = None
        self.powered_on_at: float | None = None
        """When it was switched on last, in seconds since the epoch."""
        _check_installed(guest)
        self._directory = Directory(directory)
        journal.about_to_make(self._directory)
        directory.mkdir(parents=True)
        self._variables = self._own_variables()

    @property
    def name(self) -> str:
        """Unique in its lab."""
        return self._guest.name

    @property
    def mac(self) -> MacAddress:
        """Of its only network card."""
        return self._guest.mac

    @property
    def firmware(self) -> str:
        """Name and version of its package."""
        version = self._guest.firmware.version(self._guest.version)
        return f"{self._guest.firmware.name} {version}"

    @property
    def port(self) -> LinkEnd:
        """Its TAP interface, where every frame of it passes."""
        return self._port

    @property
    def console(self) -> Console:
        """Its serial console."""
        return self._console

    @property
    def port(self) -> LinkEnd:
        """Its TAP interface: what a socket there sees is what passes between it and the segment."""
        return self._port

    @property
    def accelerator(self) -> Accelerator:
        """What executes its instructions."""
        return Accelerator.TCG

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.power_off()
        self._journal.remove(self._directory)

    def power_state(self) -> PowerState:
        """Whether its process runs."""
        running = self._running is not None and self._running.process.poll() is None
        return PowerState.ON if running else PowerState.OFF

    def power_on(self) -> None:
        """Start it; its first instruction is executed when its console and monitor are connected.

        Raises:
            MachineError: QEMU does not start; the text is what it says.
        """
        if self.power_state() is PowerState.ON:
            return
        self.power_off()
        leftover = VirtualMachine(self._title)
        self._journal.about_to_make(leftover)
        try:
            self._running = self._start()
            self.powered_on_at = time.time()
            self._running.monitor.execute("cont")
        except BaseException:
            self.power_off()
            self._journal.remove(leftover)
            raise

    def power_off(self) -> None:
        """End it at once; what it has written into its variables stays."""
        if self._running is None:
            return
        running, self._running = self._running, None
        running.process.kill()
        running.process.wait()
        running.monitor.close()
        running.serial.close()
        self._journal.remove(VirtualMachine(self._title))

    def reset(self) -> None:
        """Press its reset button; raises MachineError where it is off."""
        self._on.monitor.execute("system_reset")

    def boot_network_once(self) -> None:
        """Nothing to do: it has no disk, so each of its starts boots from the network."""

    def screenshot(self) -> bytes | None:
        """Its screen as PNG; None where it has none, or is off."""
        if not self._guest.screen or self.power_state() is PowerState.OFF:
            return None
        path = self._directory.path / "screen.png"
        self._on.monitor.execute("screendump", filename=str(path), format="png")
        return path.read_bytes()

    def type(self, text: str) -> None:
        """Send keys to its serial console; raises MachineError where it is off."""
        self._on.serial.type(text)

    @property
    def monitor(self) -> Monitor:
        """QEMU's own commands for it; raises MachineError where it is off."""
        return self._on.monitor

    @property
    def _on(self) -> _Running:
        if self._running is None or self._running.process.poll() is not None:
            raise MachineError(self.name, "is off", "switch it on first")
        return self._running

    def _own_variables(self) -> Path | None:
        firmware, version = self._guest.firmware, self._guest.version
        if firmware.variables is None:
            return None
        given = self._guest.variables or firmware.file(firmware.variables, version)
        own = self._directory.path / "variables.fd"
        shutil.copyfile(given, own)
        return own

    def _start(self) -> _Running:
        console, its_console = socket.socketpair()
        monitor, its_monitor = socket.socketpair()
        log = self._directory.path / "qemu.log"
        with its_console, its_monitor, log.open("wb") as output:
            attachment = Attachment(
                tap=self._port.interface,
                code=self._guest.firmware.file(self._guest.firmware.code, self._guest.version),
                variables=self._variables,
                console=its_console.fileno(),
                monitor=its_monitor.fileno(),
                accelerator=self.accelerator,
            )
            command = command_line(self._title, self._guest, attachment)
            process = self._execute(command, output.fileno(), (its_console.fileno(), its_monitor.fileno()))
        serial = SerialLine(console, self._console)
        try:
            return _Running(process, Monitor(self.name, monitor), serial)
        except BaseException as error:
            process.kill()
            process.wait()
            serial.close()
            said = log.read_text(encoding="utf-8", errors="replace").strip()
            if isinstance(error, MachineError) and said:
                problem = f"QEMU does not start: {said.splitlines()[-1]}"
                raise MachineError(self.name, problem, "see its command line in the journal") from error
            raise

    def _execute(
        self, command: list[str], output: int, descriptors: tuple[int, ...]
    ) -> subprocess.Popen[bytes]:
        def popen() -> subprocess.Popen[bytes]:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=descriptors,
                start_new_session=True,
            )

        return popen() if self._port.namespace is None else in_namespace(self._port.namespace, popen)


def _check_installed(guest: Guest) -> None:
    name = program(guest.firmware.processor)
    if find_program(name) is None:
        raise UsageError(f"machine {guest.name}", f"the program {name} is not installed", _INSTALL)
    guest.firmware.version(guest.version)
