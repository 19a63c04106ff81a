"""A machine that its BMC switches."""

from __future__ import annotations

from edgeboot.host.journal import Journal
from edgeboot.machines.protocol import PowerState
from edgeboot.machines.redfish.as_found import RedfishAsFound
from edgeboot.machines.redfish.connection import machine_error
from edgeboot.machines.redfish.entry import RedfishEntry
from edgeboot.machines.redfish.orders import (
    BootOverride,
    BootProgress,
    Seen,
    glance_at,
    look_at,
    order_boot,
    order_power,
    order_restart,
)
from edgeboot.machines.stated_machine import StatedMachine


class RedfishMachine(StatedMachine[RedfishEntry]):
    """Implements Machine; nobody sees its console or its screen.

    Args:
        entry: where its BMC is.
        journal: has how the machine was found before anything is changed.
    """

    console = None

    def __init__(self, entry: RedfishEntry, journal: Journal) -> None:
        super().__init__(entry)
        self._journal = journal
        self._found: Seen | None = None
        self._recorded: set[str] = set()

    @property
    def firmware(self) -> str:
        """Manufacturer, model and version, as its BMC says; raises MachineError."""
        return self._as_found.firmware

    def power_state(self) -> PowerState:
        """What its BMC says now; raises MachineError."""
        return glance_at(self._entry, "for its power state").power

    def boot_progress(self) -> BootProgress | None:
        """How far its BMC says that a boot has come; None where it does not say. Raises MachineError."""
        return glance_at(self._entry, "for its boot progress").progress

    def power_on(self) -> None:
        """Switch it on; raises MachineError where its BMC does not then say that it is on."""
        self._record(power=True)
        order_power(self._entry, PowerState.ON)

    def power_off(self) -> None:
        """Cut its power; raises MachineError where its BMC does not then say that it is off."""
        self._record(power=True)
        order_power(self._entry, PowerState.OFF)

    def reset(self) -> None:
        """Start it anew; raises MachineError."""
        self._record(power=True)
        order_restart(self._entry)

    def boot_network_once(self) -> None:
        """Override where its next start boots from; raises MachineError where its BMC then says otherwise."""
        asked, target = "to boot from the network once", self._entry.network_boot
        offered = self._as_found.boot_targets
        if offered and target not in offered:
            problem = f"can boot it from {', '.join(offered)}, not from {target}"
            raise machine_error(
                self._entry, asked, problem, "state another network_boot, or set its boot order"
            )
        self._record(power=False)
        order_boot(self._entry, BootOverride("Once", target), asked)

    @property
    def _as_found(self) -> Seen:
        if self._found is None:
            self._found = look_at(self._entry)
        return self._found

    def _record(self, *, power: bool) -> None:
        """Record boot override, and power where that is changed, the first time that they are."""
        what = "power" if power else "boot"
        if {what, "power"} & self._recorded:
            return
        found = self._as_found
        was = found.power_soon if power else None
        self._journal.about_to_make(RedfishAsFound(self._entry, found.boot, was))
        self._recorded.add(what)
