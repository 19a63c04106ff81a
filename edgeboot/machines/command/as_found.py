"""How a machine was found, in the journal before a command changes it: undoing puts that back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from edgeboot.machines.command.entry import CommandEntry
from edgeboot.machines.command.orders import order_power, order_restart, power_of
from edgeboot.machines.command.running import run
from edgeboot.machines.protocol import PowerState


@dataclass(frozen=True, slots=True)
class CommandAsFound:
    """Power of a machine, None where it is not changed, and whether its boot order may be."""

    kind: ClassVar[str] = "machine by commands"
    entry: CommandEntry
    boot: bool
    power: PowerState | None

    def __str__(self) -> str:
        found = f", found with power {self.power.value}" if self.power else ""
        return f"change of machine {self.entry.name}{found}"

    def to_json(self) -> dict[str, Any]:
        """Its entry, which has no secrets, and what was found."""
        power = None if self.power is None else self.power.value
        return {"entry": self.entry.stated, "boot": self.boot, "power": power}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """From the fields that ``to_json`` wrote."""
        power = fields["power"]
        return cls(
            CommandEntry.model_validate(fields["entry"]),
            bool(fields["boot"]),
            None if power is None else PowerState(power),
        )

    def undo(self) -> bool:
        """First the boot order, then the power; a machine that was on is restarted to boot as before.

        Raises:
            EdgebootError: a command fails.
        """
        changed = False
        if self.boot and self.entry.boot_as_before is not None:
            run(self.entry, "to boot as before", self.entry.boot_as_before)
            changed = True
        if self.power is PowerState.ON:
            order_restart(self.entry)
            changed = True
        elif self.power is PowerState.OFF and power_of(self.entry) is not PowerState.OFF:
            order_power(self.entry, PowerState.OFF)
            changed = True
        return changed
