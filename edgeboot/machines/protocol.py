"""What every machine can do, whatever powers it on."""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from edgeboot.base.errors import EdgebootError
from edgeboot.base.mac import MacAddress
from edgeboot.machines.console import Console


class PowerState(Enum):
    """What a machine says of its power (Redfish ``PowerState``, without the transitions)."""

    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"
    """It cannot say, such as one that is woken by a packet."""


class MachineError(EdgebootError):
    """A machine did not do what it was asked: ``machine NAME: problem; hint``."""

    def __init__(self, machine: str, problem: str, hint: str) -> None:
        super().__init__(f"machine {machine}", problem, hint)


class Machine(Protocol):
    """A machine with one network interface that boots from the segment.

    A verb returns when the machine says that it is done, and raises MachineError when it does not say
    so in time, or cannot do it.
    """

    @property
    def name(self) -> str:
        """As the inventory has it."""

    @property
    def mac(self) -> MacAddress:
        """Of the interface that boots: its chaddr."""

    @property
    def firmware(self) -> str:
        """What runs on it until an operating system does, with its version where that is known."""

    @property
    def console(self) -> Console | None:
        """What its firmware writes, from the first power-on; None where nobody sees it."""

    def power_state(self) -> PowerState:
        """What it says now."""

    def power_on(self) -> None:
        """Switch it on; one that is on stays so."""

    def power_off(self) -> None:
        """Cut its power at once, as by the plug; one that is off stays so."""

    def reset(self) -> None:
        """Start it anew at once, as by the reset button."""

    def boot_network_once(self) -> None:
        """Let its next start boot from the network; the starts after it are as before."""

    def screenshot(self) -> bytes | None:
        """Its screen as PNG; None where it has none that can be seen."""
