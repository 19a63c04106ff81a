"""The kinds of machine that an inventory may state; a further kind is one folder and one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, Protocol, TypeVar

from edgeboot.base.errors import UsageError
from edgeboot.base.mac import MacAddress
from edgeboot.base.paths import shown
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.host.journal import Journal
from edgeboot.host.wire.port import Port
from edgeboot.machines.command.entry import CommandEntry
from edgeboot.machines.command.machine import CommandMachine
from edgeboot.machines.command.orders import power_of
from edgeboot.machines.inventory import OPTION, MachineEntry, read_inventory
from edgeboot.machines.libvirt_domain.entry import LibvirtEntry
from edgeboot.machines.libvirt_domain.machine import LibvirtMachine, look_at_domain
from edgeboot.machines.protocol import Machine
from edgeboot.machines.redfish.entry import RedfishEntry
from edgeboot.machines.redfish.machine import RedfishMachine
from edgeboot.machines.redfish.orders import look_at
from edgeboot.machines.wake_on_lan.entry import WakeOnLanEntry
from edgeboot.machines.wake_on_lan.machine import WakeOnLanMachine

NAME_OPTION: Final = "--machine"
_WAKING: Final = EdgeNodeIdentity.numbered(1, 0x574C).mac
"""From which magic packets are sent; no edge node of the suite has it."""

E = TypeVar("E", bound=MachineEntry)


class Segment(Protocol):
    """What a machine needs of the lab whose segment it boots from."""

    @property
    def journal(self) -> Journal:
        """Has how the machine was found before it is changed."""

    def open_port(self, mac: MacAddress) -> Port:
        """A new port on the segment."""

    def close_port(self, port: Port) -> None:
        """Remove it."""


@dataclass(frozen=True, slots=True)
class MachineKind(Generic[E]):
    """One kind of machine."""

    entry: type[E]
    """What the inventory states of it."""
    make: Callable[[E, Segment], Machine]
    """The machine; nothing is changed by that."""
    look: Callable[[E], str]
    """What it is now, in a few words, for the doctor; raises EdgebootError where it does not say."""


def _wake_on_lan(entry: WakeOnLanEntry, segment: Segment) -> Machine:
    def send(frame: bytes) -> None:
        # Removed at once: a network card takes no second port with the same address (macvlan).
        port = segment.open_port(_WAKING)
        try:
            port.send(frame)
        finally:
            segment.close_port(port)

    return WakeOnLanMachine(entry, _WAKING, send)


def _look_at_redfish(entry: RedfishEntry) -> str:
    seen = look_at(entry)
    targets = ", ".join(seen.boot_targets) or "anything, it says"
    return f"{seen.firmware}; {seen.told}; boot override {seen.boot}, of {targets}"


def _look_at_libvirt(entry: LibvirtEntry) -> str:
    firmware, power = look_at_domain(entry)
    return f"domain {entry.domain_name} of {entry.uri}: {firmware}; power is {power.value}"


KINDS: Final[Mapping[str, MachineKind[Any]]] = {
    "redfish": MachineKind(
        RedfishEntry, lambda entry, segment: RedfishMachine(entry, segment.journal), _look_at_redfish
    ),
    "libvirt": MachineKind(
        LibvirtEntry, lambda entry, segment: LibvirtMachine(entry, segment.journal), _look_at_libvirt
    ),
    "command": MachineKind(
        CommandEntry,
        lambda entry, segment: CommandMachine(entry, segment.journal),
        lambda entry: f"power is {power_of(entry).value}",
    ),
    "wake-on-lan": MachineKind(WakeOnLanEntry, _wake_on_lan, lambda _: "a magic packet is not answered"),
}
"""By name, as ``kind`` has it."""


def make_machine(entry: MachineEntry, segment: Segment) -> Machine:
    """The machine of an entry, on a lab's segment."""
    return KINDS[entry.kind].make(entry, segment)


def look_at_machine(entry: MachineEntry) -> str:
    """What it is now, and what is stated of it; raises EdgebootError where that cannot be said."""
    entry.check()
    secure_boot = "; Secure Boot, it is stated: an unsigned boot file is refused" if entry.secure_boot else ""
    allowed = (
        "may be power-cycled"
        if entry.may_be_power_cycled
        else "is left alone: may_be_power_cycled is not true"
    )
    return f"{KINDS[entry.kind].look(entry)}{secure_boot}; {allowed}"


def stated_machines(file: Path | None, names: Sequence[str]) -> tuple[MachineEntry, ...]:
    """The machines of an inventory, or those of some names.

    Args:
        file: of ``--machines``; None for none.
        names: of ``--machine``; none for all.

    Raises:
        UsageError: the file cannot be used, or has no machine of a name.
    """
    if file is None:
        if names:
            hint = f"name the file that has it: {OPTION} FILE"
            raise UsageError(f"{NAME_OPTION} {names[0]}", "names a machine of no inventory", hint)
        return ()
    entries = read_inventory(file, {name: kind.entry for name, kind in KINDS.items()})
    known = {entry.name: entry for entry in entries}
    for name in names:
        if name not in known:
            hint = f"choose from {', '.join(known)}"
            raise UsageError(f"{NAME_OPTION} {name}", f"is no machine of {shown(file)}", hint)
    return tuple(known[name] for name in dict.fromkeys(names)) if names else entries


def machines_to_boot(file: Path | None, names: Sequence[str]) -> tuple[MachineEntry, ...]:
    """Those of ``stated_machines`` that a run may power-cycle; all that they refer to is there.

    Raises:
        UsageError: one was named that may not be, none may be, or what one refers to is missing.
    """
    entries = stated_machines(file, names)
    allowed = tuple(entry for entry in entries if entry.may_be_power_cycled)
    if entries and (not allowed or (names and len(allowed) < len(entries))):
        refused = next(entry for entry in entries if not entry.may_be_power_cycled)
        assert file is not None  # noqa: S101 - it has entries
        where = f"{shown(file)}: machine {refused.name}, field may_be_power_cycled"
        raise UsageError(where, "is not true: it is left alone", "set it true where nobody needs the machine")
    for entry in allowed:
        entry.check()
    return allowed
