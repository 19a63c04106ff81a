"""A site's own machine on a lab's segment, unless somebody uses it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from edgeboot.base.errors import LabError, UsageError
from edgeboot.labs.protocol import Lab
from edgeboot.machines.inventory import OPTION, MachineEntry
from edgeboot.machines.protocol import Machine, MachineError
from edgeboot.machines.registry import make_machine


def check_clients(entries: Iterable[MachineEntry], clients: Collection[str]) -> None:
    """Return where the contract knows every client that a machine states.

    Raises:
        UsageError: it does not.
    """
    for entry in entries:
        if entry.client is not None and entry.client not in clients:
            problem = f"{entry.client!r} is no client of the table or the contract"
            hint = f"choose from {', '.join(sorted(clients))}"
            raise UsageError(f"{OPTION}: machine {entry.name}, field client", problem, hint)


def check_place(entry: MachineEntry, lab: str, no_place_for: Callable[[MachineEntry], str | None]) -> None:
    """Return where a machine can be on the segment of a lab.

    Args:
        entry: the machine.
        lab: the lab's name.
        no_place_for: why it cannot; raises LabError where that is not known.

    Raises:
        UsageError: it cannot.
    """
    where = f"{OPTION}: machine {entry.name}"
    try:
        why = no_place_for(entry)
    except LabError as error:
        raise UsageError(where, error.problem, error.hint) from error
    if why is not None:
        hint = f"say --lab orchestrator on a machine of its segment, or leave out {OPTION}"
        raise UsageError(where, f"cannot boot in lab {lab}: {why}", hint)


def site_machine(entry: MachineEntry, lab: Lab) -> Machine:
    """The machine; nothing is changed by that. How it was found gets into the lab's journal before it is.

    Raises:
        MachineError: the segment shows that it is in use.
    """
    sign = lab.in_use(entry.mac)
    if sign is not None:
        hint = "switch it off, or say --take-machines-in-use where its work may be interrupted"
        raise MachineError(entry.name, f"is in use: {sign}; it was not touched", hint)
    return make_machine(entry, lab)
