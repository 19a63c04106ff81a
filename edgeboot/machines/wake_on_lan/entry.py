"""A machine of kind ``wake-on-lan`` in the inventory.

[[machine]]
name = "node-3"
mac = "52:54:00:12:34:53"
kind = "wake-on-lan"
boots_network_first = true
may_be_power_cycled = true
"""

from __future__ import annotations

from typing import Literal

from pydantic import StrictBool

from edgeboot.machines.inventory import MachineEntry


class WakeOnLanEntry(MachineEntry):
    """Its interface that boots from the segment is the one that is woken."""

    kind: Literal["wake-on-lan"]
    boots_network_first: StrictBool = False
    """Whether the network is first in its boot order: nothing else than its own set-up can change that."""

    @property
    def plan(self) -> str:
        """It is on afterwards."""
        return "switched on by a magic packet, and left on: nothing here can switch it off"
