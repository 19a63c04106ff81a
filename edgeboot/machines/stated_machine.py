"""What is alike in all machines of an inventory: who they are, as it states them."""

from __future__ import annotations

from typing import Generic, TypeVar

from edgeboot.base.mac import MacAddress
from edgeboot.machines.inventory import MachineEntry

E_co = TypeVar("E_co", bound=MachineEntry, covariant=True)


class StatedMachine(Generic[E_co]):
    """The part of Machine that its entry answers; a kind adds the verbs and the console.

    Args:
        entry: the machine in the inventory.
    """

    def __init__(self, entry: E_co) -> None:
        self._entry = entry

    @property
    def name(self) -> str:
        """As the inventory has it."""
        return self._entry.name

    @property
    def mac(self) -> MacAddress:
        """Of the interface that boots from the segment."""
        return self._entry.mac

    @property
    def firmware(self) -> str:
        """The client that the inventory states."""
        return self._entry.client or "unknown"

    def screenshot(self) -> bytes | None:
        """None: nobody sees its screen as PNG."""
        return None
