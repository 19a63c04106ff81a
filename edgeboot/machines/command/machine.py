"""A machine that commands switch."""

from __future__ import annotations

from edgeboot.host.journal import Journal
from edgeboot.machines.command.as_found import CommandAsFound
from edgeboot.machines.command.entry import CommandEntry
from edgeboot.machines.command.orders import order_power, order_restart, power_of
from edgeboot.machines.command.running import run
from edgeboot.machines.protocol import MachineError, PowerState
from edgeboot.machines.stated_machine import StatedMachine


class CommandMachine(StatedMachine[CommandEntry]):
    """Implements Machine; nobody sees its console or its screen.

    Args:
        entry: its commands.
        journal: has how the machine was found before anything is changed.
    """

    console = None

    def __init__(self, entry: CommandEntry, journal: Journal) -> None:
        super().__init__(entry)
        self._journal = journal
        self._power_recorded = self._boot_recorded = False

    def power_state(self) -> PowerState:
        """What its status command says; raises MachineError."""
        return power_of(self._entry)

    def power_on(self) -> None:
        """Switch it on; raises MachineError where a command fails, or its status is another then."""
        self._record_power()
        order_power(self._entry, PowerState.ON)

    def power_off(self) -> None:
        """Cut its power; raises MachineError where a command fails, or its status is another then."""
        self._record_power()
        order_power(self._entry, PowerState.OFF)

    def reset(self) -> None:
        """Start it anew; raises MachineError."""
        self._record_power()
        order_restart(self._entry)

    def boot_network_once(self) -> None:
        """Let its next start boot from the network; raises MachineError where no command does that."""
        if self._entry.boots_network_first:
            return
        asked = "to boot from the network once"
        if self._entry.boot_network is None:
            problem = f"was asked {asked}; the inventory has no command for that"
            raise MachineError(self.name, problem, "state boot_network, or boots_network_first = true")
        if not self._boot_recorded:
            self._journal.about_to_make(CommandAsFound(self._entry, boot=True, power=None))
            self._boot_recorded = True
        run(self._entry, asked, self._entry.boot_network)

    def _record_power(self) -> None:
        if not self._power_recorded:
            # With the boot order: what is undone first must put that back before it restarts the machine.
            boot = self._entry.boot_as_before is not None
            self._journal.about_to_make(CommandAsFound(self._entry, boot, power_of(self._entry)))
            self._power_recorded = True
