"""Starting a machine from the network, whatever it does now, and what it then says of itself."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from edgeboot.base.errors import EdgebootError
from edgeboot.machines.protocol import Machine, PowerState


@runtime_checkable
class ReportsBoot(Protocol):
    """A machine whose BMC may say how far its boot has come."""

    def boot_progress(self) -> object | None:
        """That, in the BMC's words; None where it does not say. Raises MachineError."""


def start_from_network(machine: Machine) -> None:
    """Start it, or start it anew, and let that start boot from the network; raises MachineError."""
    machine.boot_network_once()
    if machine.power_state() is PowerState.ON:
        machine.reset()
    else:
        machine.power_on()


def told_of(machine: Machine) -> str:
    """What it says of itself now: power, and how far its boot has come where it says so."""
    try:
        power = machine.power_state()
        progress = machine.boot_progress() if isinstance(machine, ReportsBoot) else None
    except EdgebootError as error:
        return f"it does not answer: {error.problem}"
    if power is PowerState.UNKNOWN:
        return "it cannot say whether its power is on"
    return f"it says that its power is {power.value}" + (f", and its boot: {progress}" if progress else "")
