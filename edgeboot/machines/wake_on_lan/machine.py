"""A machine that a magic packet switches on (AMD, Magic Packet Technology, 1995)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.machines.protocol import MachineError, PowerState
from edgeboot.machines.stated_machine import StatedMachine
from edgeboot.machines.wake_on_lan.entry import WakeOnLanEntry

_ETHERTYPE: Final = bytes.fromhex("0842")
_REPETITIONS: Final = 16


class WakeOnLanMachine(StatedMachine[WakeOnLanEntry]):
    """Implements Machine as far as a magic packet can; it stays on afterwards.

    Args:
        entry: whom to wake.
        mac: from whose address the packet is sent.
        send: puts a frame on the machine's segment.
    """

    console = None

    def __init__(self, entry: WakeOnLanEntry, mac: MacAddress, send: Callable[[bytes], object]) -> None:
        super().__init__(entry)
        self._source = mac
        self._send = send

    def power_state(self) -> PowerState:
        """It cannot say."""
        return PowerState.UNKNOWN

    def power_on(self) -> None:
        """Send the magic packet; whether the machine wakes only its own packets show."""
        self._send(magic_packet(self._source, self.mac))

    def power_off(self) -> None:
        """Never; raises MachineError."""
        raise self._unable("to power off")

    def reset(self) -> None:
        """Never; raises MachineError."""
        raise self._unable("to restart")

    def boot_network_once(self) -> None:
        """Return where the inventory states that it boots so anyhow; raises MachineError else."""
        if not self._entry.boots_network_first:
            problem = "was asked to boot from the network once; a magic packet cannot say so"
            hint = "put the network first in its boot order, and state boots_network_first = true"
            raise MachineError(self.name, problem, hint)

    def _unable(self, asked: str) -> MachineError:
        problem = f"was asked {asked}; a magic packet only switches on"
        return MachineError(self.name, problem, "use kind command or redfish where it has to be switched off")


def magic_packet(source: MacAddress, target: MacAddress) -> bytes:
    """The frame that wakes a machine, to everybody on its segment."""
    payload = BROADCAST.packed + target.packed * _REPETITIONS
    return BROADCAST.packed + source.packed + _ETHERTYPE + payload
