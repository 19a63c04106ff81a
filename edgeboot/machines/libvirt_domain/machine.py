"""A virtual machine that libvirt switches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from edgeboot.base.deadline import Wait
from edgeboot.base.errors import LabError
from edgeboot.base.in_time import in_time
from edgeboot.host.journal import Journal
from edgeboot.host.libvirt.connection import LibvirtUnreachable, connect, connected
from edgeboot.machines.console import Console
from edgeboot.machines.libvirt_domain.as_found import LibvirtAsFound
from edgeboot.machines.libvirt_domain.console import DomainConsole
from edgeboot.machines.libvirt_domain.definition import (
    booting_from_network,
    firmware_of,
    has_console,
    has_interface,
    has_screen,
)
from edgeboot.machines.libvirt_domain.ending import end_at_once
from edgeboot.machines.libvirt_domain.entry import LibvirtEntry
from edgeboot.machines.libvirt_domain.screen import picture_of
from edgeboot.machines.protocol import MachineError, PowerState
from edgeboot.machines.stated_machine import StatedMachine


class LibvirtMachine(StatedMachine[LibvirtEntry]):
    """Implements Machine; its definition in libvirt stays as it is, also for a start from the network.

    Args:
        entry: which domain of which libvirt it is.
        journal: has whether it was on before it is switched; None for a machine that the run has made itself.
    """

    def __init__(self, entry: LibvirtEntry, journal: Journal | None) -> None:
        super().__init__(entry)
        self._journal = journal
        self._recorded = False
        self._from_network = False
        self._reading: DomainConsole | None = None
        self.console = Console()
        """What its serial console writes, from a power-on by this process on."""

    @property
    def firmware(self) -> str:
        """The file of its firmware, as its definition names it; raises MachineError."""
        with self._domain("for its firmware") as domain:
            return firmware_of(domain.XMLDesc())

    def power_state(self) -> PowerState:
        """Whether it runs; raises MachineError."""
        with self._domain("for its power state") as domain:
            return _power(domain)

    def power_on(self) -> None:
        """Start it; its console is read from its first instruction on. Raises MachineError."""
        with self._domain("to power on") as domain:
            if _power(domain) is PowerState.OFF:
                self._record(domain)
                self._start(domain)

    def power_off(self) -> None:
        """End it at once; raises MachineError."""
        with self._domain("to power off") as domain:
            if _power(domain) is PowerState.ON:
                self._record(domain)
                end_at_once(domain)
        self.close()

    def reset(self) -> None:
        """End it and start it anew, so that a start from the network is one; raises MachineError."""
        self.power_off()
        self.power_on()

    def boot_network_once(self) -> None:
        """Let its next start by this process be from the interface that boots, and from nothing else.

        Raises:
            MachineError: it has no interface of that address.
        """
        with self._domain("to boot from the network once") as domain:
            _check_card(self._entry, domain)
        self._from_network = True

    def screenshot(self) -> bytes | None:
        """Its screen; None where it has none, is off, or libvirt has no PNG of it. Raises MachineError."""
        try:
            return in_time(self._picture, Wait.LIBVIRT)
        except TimeoutError as error:
            problem = f"was asked for its screen; libvirt does not send it within {Wait.LIBVIRT}"
            raise MachineError(self._entry.name, problem, "see libvirtd's log") from error

    def _picture(self) -> bytes | None:
        with self._domain("for its screen") as domain:
            if _power(domain) is PowerState.OFF or not has_screen(domain.XMLDesc()):
                return None
            return picture_of(domain)

    def _start(self, domain: Any) -> None:
        import libvirt  # noqa: PLC0415 - of the kind extras

        xml, paused = domain.XMLDesc(libvirt.VIR_DOMAIN_XML_SECURE), libvirt.VIR_DOMAIN_START_PAUSED
        if self._from_network:
            # Running, it is this machine; its definition, to which it returns when it ends, stays.
            domain.connect().createXML(booting_from_network(xml, self.mac), paused)
            self._from_network = False
        else:
            domain.createWithFlags(paused)
        self.close()
        if has_console(xml):
            connection = connect(self._entry.uri)
            self._reading = DomainConsole(
                connection, connection.lookupByName(self._entry.domain_name), self.console
            )
        domain.connect().lookupByName(self._entry.domain_name).resume()

    def close(self) -> None:
        """Take the rest of what it wrote before it ended."""
        if self._reading is not None:
            self._reading.close()
            self._reading = None

    def _record(self, domain: Any) -> None:
        """Record how it is found before it is switched; raises MachineError where that cannot be put back."""
        if self._journal is not None and not self._recorded:
            _check_persistent(self._entry, domain)
            self._journal.about_to_make(LibvirtAsFound(self._entry, _power(domain)))
            self._recorded = True

    def _domain(self, asked: str) -> AbstractContextManager[Any]:
        return _domain_of(self._entry, asked)


@contextmanager
def _domain_of(entry: LibvirtEntry, asked: str) -> Iterator[Any]:
    """The domain, asked for something; raises MachineError where libvirt does not do it."""
    try:
        with connected(entry.uri) as connection:
            yield connection.lookupByName(entry.domain_name)
    except LabError as error:
        problem = f"was asked {asked}; {error.where} says: {error.problem}"
        hint = (
            error.hint if isinstance(error, LibvirtUnreachable) else f"see virsh -c '{entry.uri}' list --all"
        )
        raise MachineError(entry.name, problem, hint) from error


def _check_card(entry: LibvirtEntry, domain: Any) -> None:
    if not has_interface(domain.XMLDesc(), entry.mac):
        hint = f"see virsh -c '{entry.uri}' domiflist {entry.domain_name}"
        raise MachineError(entry.name, f"has no interface with {entry.mac}", hint)


def look_at_domain(entry: LibvirtEntry) -> tuple[str, PowerState]:
    """Firmware and power of a machine; raises MachineError where libvirt does not say, or it is another's."""
    with _domain_of(entry, "what it is") as domain:
        _check_card(entry, domain)
        _check_persistent(entry, domain)
        return firmware_of(domain.XMLDesc()), _power(domain)


def _check_persistent(entry: LibvirtEntry, domain: Any) -> None:
    if not domain.isPersistent():
        hint = "define it (virsh define), or leave it out"
        raise MachineError(entry.name, "is transient: libvirt forgets it when it ends", hint)


def _power(domain: Any) -> PowerState:
    return PowerState.ON if domain.isActive() else PowerState.OFF
