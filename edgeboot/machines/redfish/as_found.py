"""How a machine was found, in the journal before its BMC is told anything: undoing puts that back.

The journal says where the password is, as the inventory does, and not the password.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from edgeboot.machines.protocol import PowerState
from edgeboot.machines.redfish.entry import RedfishEntry
from edgeboot.machines.redfish.orders import BootOverride, look_at, order_boot, order_power, order_restart


@dataclass(frozen=True, slots=True)
class RedfishAsFound:
    """Boot override and power of a machine; None for what is not changed."""

    kind: ClassVar[str] = "Redfish machine"
    entry: RedfishEntry
    boot: BootOverride | None
    power: PowerState | None

    def __str__(self) -> str:
        found = [f"boot override {self.boot}"] if self.boot else []
        found += [f"power {self.power.value}"] if self.power else []
        return f"change of machine {self.entry.name}, found with {' and '.join(found)}"

    def to_json(self) -> dict[str, Any]:
        """Its entry, which has no password, and what was found."""
        boot = None if self.boot is None else [self.boot.enabled, self.boot.target]
        return {
            "entry": self.entry.stated,
            "boot": boot,
            "power": None if self.power is None else self.power.value,
        }

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """From the fields that ``to_json`` wrote."""
        boot, power = fields["boot"], fields["power"]
        return cls(
            RedfishEntry.model_validate(fields["entry"]),
            None if boot is None else BootOverride(*boot),
            None if power is None else PowerState(power),
        )

    def undo(self) -> bool:
        """First the boot override, then the power; a machine that was on is restarted to boot as before.

        Raises:
            EdgebootError: its BMC does not do it, or the password is not there in this process.
        """
        now = look_at(self.entry, "to be as before")
        changed = False
        if self.boot is not None and not _same(now.boot, self.boot):
            order_boot(self.entry, self.boot, "to boot as before")
            changed = True
        if self.power is PowerState.ON:
            order_restart(self.entry)
            changed = True
        elif self.power is PowerState.OFF and now.power is not PowerState.OFF:
            order_power(self.entry, PowerState.OFF)
            changed = True
        return changed


def _same(now: BootOverride, found: BootOverride) -> bool:
    return now == found or (now.is_none and found.is_none)
