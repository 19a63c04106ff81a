"""A virtual machine that a lab has made on its segment, and where its frames can be seen."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from edgeboot.base.mac import MacAddress
from edgeboot.host.journal import Journal
from edgeboot.host.links import LinkEnd
from edgeboot.labs.hosts.machine_port import CABLE, machine_port_on
from edgeboot.machines.protocol import Machine
from edgeboot.machines.qemu.guest import Guest
from edgeboot.machines.qemu.vm import QemuMachine


@dataclass(frozen=True, slots=True)
class MadeMachine:
    """A machine, off at first."""

    machine: Machine
    port: LinkEnd
    """The interface that all its frames pass, there from before its power-on; others' may pass it, too."""
    cable: LinkEnd
    """The interface between it and the segment; there is one while it is on."""


def directory_of(guest: Guest, journal: Journal) -> Path:
    """Where the files of a lab's machine are."""
    return Path(tempfile.gettempdir()) / f"edgeboot-{journal.run}-{guest.name}"


@contextmanager
def qemu_machine_on(
    plug_in: Callable[[LinkEnd, MacAddress], Callable[[], None]], guest: Guest, journal: Journal
) -> Iterator[MadeMachine]:
    """A machine that QEMU runs in a namespace of its own, as long as the context lasts.

    Args:
        plug_in: connects an end to the segment, and returns what removes it.
        guest: what it is made of; its name is unique among the machines and hosts of a lab.
        journal: records what is made first.

    Raises:
        UsageError: QEMU or the firmware is not installed.
    """
    with (
        machine_port_on(plug_in, guest.name, guest.mac, journal) as port,
        QemuMachine(guest, port, directory_of(guest, journal), journal) as machine,
    ):
        yield MadeMachine(machine, port, LinkEnd(port.namespace, CABLE))
