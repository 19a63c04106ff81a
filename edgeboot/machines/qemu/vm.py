"""A virtual machine by QEMU: a ``Machine`` that is made here, and gone when it is closed."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.errors import LabError
from edgeboot.base.mac import MacAddress
from edgeboot.host.directory import Directory
from edgeboot.host.journal import Journal
from edgeboot.host.links import LinkEnd
from edgeboot.machines.console import Console
from edgeboot.machines.protocol import MachineError, PowerState
from edgeboot.machines.qemu.accelerator import ACCELERATORS, Accelerator
from edgeboot.machines.qemu.command_line import Attachment, command_line
from edgeboot.machines.qemu.execution import Execution
from edgeboot.machines.qemu.guest import Guest
from edgeboot.machines.qemu.installed import check_installed
from edgeboot.machines.qemu.monitor import Monitor
from edgeboot.machines.qemu.process import VirtualMachine


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
        self._running: Execution | None = None
        self.accelerator: Accelerator | None = None
        """What has executed its instructions since the last power-on."""
        check_installed(guest.firmware, guest.version)
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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.power_off()
        self._journal.remove(self._directory)

    def power_state(self) -> PowerState:
        """Whether its process runs."""
        running = self._running is not None and self._running.is_running
        return PowerState.ON if running else PowerState.OFF

    def power_on(self) -> None:
        """Start it; its first instruction is executed when its console and monitor are connected.

        Where firmware stands still with KVM it is started anew without: no frame has left it then.

        Raises:
            MachineError: QEMU does not start; the text is what it says.
        """
        if self.power_state() is PowerState.ON:
            return
        self.power_off()
        accelerator = self._choice
        try:
            self._start(accelerator)
            if accelerator is Accelerator.KVM:
                self._await_life()
        except (MachineError, LabError) as error:
            self.power_off()
            if accelerator is Accelerator.TCG:
                raise
            ACCELERATORS.failed(self._guest.firmware.name, error.problem)
            self._start(Accelerator.TCG)

    def power_off(self) -> None:
        """End it at once; what it has written into its variables stays."""
        if self._running is not None:
            running, self._running = self._running, None
            running.end()

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
        self._on.type(text)

    @property
    def monitor(self) -> Monitor:
        """QEMU's own commands for it; raises MachineError where it is off."""
        return self._on.monitor

    @property
    def _on(self) -> Execution:
        if self._running is None or not self._running.is_running:
            raise MachineError(self.name, "is off", "switch it on first")
        return self._running

    @property
    def _choice(self) -> Accelerator:
        firmware = self._guest.firmware
        return ACCELERATORS.of(firmware.name, firmware.processor)

    def _own_variables(self) -> Path | None:
        firmware, version = self._guest.firmware, self._guest.version
        if firmware.variables is None:
            return None
        given = self._guest.variables or firmware.file(firmware.variables, version)
        own = self._directory.path / "variables.fd"
        shutil.copyfile(given, own)
        return own

    def _start(self, accelerator: Accelerator) -> None:
        firmware = self._guest.firmware

        def command(monitor: int) -> list[str]:
            code = firmware.file(firmware.code, self._guest.version)
            attachment = Attachment(self._port.interface, code, self._variables, monitor, accelerator)
            return command_line(self._title, self._guest, attachment)

        log = self._directory.path / "qemu.log"
        leftover = VirtualMachine(self._title)
        self._running = Execution(leftover, command, self._port.namespace, log, self._console, self._journal)
        self.accelerator = accelerator
        self._running.go_on()

    def _await_life(self) -> None:
        """Return when it has written something.

        Raises:
            MachineError: it ends, or stands still.
            LabError: it says nothing.
        """
        before = len(self._console.lines)

        def observe() -> bool | None:
            if len(self._console.lines) > before:
                return True
            if not self._on.monitor.execute("query-status")["running"]:
                raise MachineError(self.name, "stands still with KVM", "it may run without")
            return None

        eventually(f"the firmware of {self.name}", observe, Wait.VIRTUAL_MACHINE, "see its console")
