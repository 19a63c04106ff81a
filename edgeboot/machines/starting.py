"""Starting a machine from the network, whatever it does now."""

from __future__ import annotations

from edgeboot.machines.protocol import Machine, PowerState


def start_from_network(machine: Machine) -> None:
    """Start it, or start it anew, and let that start boot from the network; raises MachineError."""
    machine.boot_network_once()
    if machine.power_state() is PowerState.ON:
        machine.reset()
    else:
        machine.power_on()
