"""How a virtual machine of libvirt's was found, in the journal first: undoing puts that back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from edgeboot.host.libvirt.connection import connected
from edgeboot.machines.libvirt_domain.entry import LibvirtEntry
from edgeboot.machines.protocol import PowerState


@dataclass(frozen=True, slots=True)
class LibvirtAsFound:
    """The power of a virtual machine; its definition is never changed."""

    kind: ClassVar[str] = "libvirt domain"
    entry: LibvirtEntry
    power: PowerState

    def __str__(self) -> str:
        return f"change of machine {self.entry.name}, found with power {self.power.value}"

    def to_json(self) -> dict[str, Any]:
        """Its entry, and its power as it was found."""
        return {"entry": self.entry.stated, "power": self.power.value}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """From the fields that ``to_json`` wrote."""
        return cls(LibvirtEntry.model_validate(fields["entry"]), PowerState(fields["power"]))

    def undo(self) -> bool:
        """Switch it off; one that was on is started anew, as it is defined.

        Raises:
            LabError: libvirt does not answer, or refuses.
        """
        with connected(self.entry.uri) as connection:
            domain = connection.lookupByName(self.entry.domain_name)
            on = bool(domain.isActive())
            if on:
                domain.destroy()
            if self.power is PowerState.ON:
                domain.create()
            return on or self.power is PowerState.ON
