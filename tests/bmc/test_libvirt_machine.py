"""The kind ``libvirt``: a site's virtual machine is started from the network once, and is as before then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.host.journal import Journal, undo
from edgeboot.machines.libvirt_domain.as_found import LibvirtAsFound
from edgeboot.machines.libvirt_domain.console import DomainConsole
from edgeboot.machines.libvirt_domain.entry import LibvirtEntry
from edgeboot.machines.libvirt_domain.machine import LibvirtMachine, look_at_domain
from edgeboot.machines.protocol import MachineError, PowerState
from fixtures.libvirt_daemon import LibvirtDaemon, libvirt_daemon
from tests.bmc.bmc import MAC
from tests.bmc.domain import defined

__all__ = ["libvirt_daemon"]
pytestmark = [pytest.mark.bmc, pytest.mark.libvirt]


@pytest.fixture
def domain(libvirt_daemon: LibvirtDaemon, tmp_path: Path) -> Iterator[Any]:
    """A virtual machine that is off, with a serial console."""
    with defined(libvirt_daemon.uri, tmp_path, "<console type='pty'/><interface type='user'>") as domain:
        xml = domain.XMLDesc().replace("</os>", "<bios useserial='yes'/></os>")
        yield domain.connect().defineXML(xml)


@pytest.fixture
def entry(libvirt_daemon: LibvirtDaemon, domain: Any) -> LibvirtEntry:
    """Of the virtual machine."""
    stated = {"name": "node-5", "mac": str(MAC), "kind": "libvirt", "uri": libvirt_daemon.uri}
    return LibvirtEntry.model_validate(stated | {"domain": domain.name()})


def test_it_starts_from_the_network_once_and_is_as_before(
    entry: LibvirtEntry, domain: Any, tmp_path: Path
) -> None:
    """Its card is first in that start alone: what libvirt has defined is not touched."""
    before = domain.XMLDesc(2)
    with Journal("test", tmp_path / "journal") as journal:
        machine = LibvirtMachine(entry, journal)
        machine.boot_network_once()
        machine.power_on()
        assert machine.power_state() is PowerState.ON
        assert "<boot order='1'/>" in domain.XMLDesc()
        assert domain.XMLDesc(2) == before
        machine.reset()
        assert "<boot order='1'/>" not in domain.XMLDesc()
        machine.power_off()
    assert (bool(domain.isActive()), domain.XMLDesc(2)) == (False, before)


def test_its_console_is_read_from_its_first_instruction_on(entry: LibvirtEntry, tmp_path: Path) -> None:
    """What firmware says first tells which one it is."""
    with Journal("test", tmp_path / "journal") as journal:
        machine = LibvirtMachine(entry, journal)
        machine.power_on()
        said = machine.console.wait_for("SeaBIOS", Deadline.after(Wait.VIRTUAL_MACHINE))
        machine.power_off()
    assert said is not None


def test_console_of_a_machine_that_ended_by_itself_is_closed_by_its_next_start(
    entry: LibvirtEntry, domain: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own system may switch it off: what it wrote last comes before what it writes next."""
    closed: list[DomainConsole] = []

    def close(console: DomainConsole) -> None:
        closed.append(console)

    monkeypatch.setattr(DomainConsole, "close", close)
    with Journal("test", tmp_path / "journal") as journal:
        machine = LibvirtMachine(entry, journal)
        machine.power_on()
        domain.destroy()
        machine.power_on()
    assert len(closed) == 1


def test_machine_that_was_on_is_started_again(entry: LibvirtEntry, domain: Any) -> None:
    """As after a killed run: somebody needs it."""
    domain.create()
    first = domain.connect().lookupByName(domain.name()).ID()
    found = LibvirtAsFound(entry, PowerState.ON)
    assert undo(LibvirtAsFound.from_json(found.to_json()))
    assert domain.connect().lookupByName(domain.name()).ID() != first


def test_card_that_it_has_not_is_named(entry: LibvirtEntry, tmp_path: Path) -> None:
    """Before it is switched."""
    other = LibvirtEntry.model_validate(entry.stated | {"mac": "52:54:00:00:00:99"})
    with Journal("test", tmp_path / "journal") as journal, pytest.raises(MachineError, match="no interface"):
        LibvirtMachine(other, journal).boot_network_once()
    assert LibvirtMachine(entry, journal).power_state() is PowerState.OFF


def test_wrong_inventory_is_told_by_the_doctor(entry: LibvirtEntry) -> None:
    """Before a run: which domain, which card, and where to look."""
    assert look_at_domain(entry)[1] is PowerState.OFF
    card = LibvirtEntry.model_validate(entry.stated | {"mac": "52:54:00:00:00:99"})
    with pytest.raises(MachineError, match=r"no interface with 52:.*:99; see virsh -c .* domiflist node-7"):
        look_at_domain(card)
    absent = LibvirtEntry.model_validate(entry.stated | {"domain": "node-8"})
    with pytest.raises(MachineError, match=r"machine node-5: was asked what it is; .*no domain .*list --all"):
        look_at_domain(absent)


def test_machine_that_libvirt_would_forget_is_left_alone(journal: Journal) -> None:
    """A transient domain is gone when it ends: nothing could put it back."""
    import libvirt  # noqa: PLC0415 - of the kind lab's packages

    uri = "test:///default"  # libvirt's own driver for tests, in this process.
    connection = libvirt.open(uri)
    xml = "<domain type='test'><name>node-5</name><memory>1024</memory><os><type>hvm</type></os></domain>"
    domain = connection.createXML(xml)
    stated = {"name": "node-5", "mac": str(MAC), "kind": "libvirt", "uri": uri}
    machine = LibvirtMachine(LibvirtEntry.model_validate(stated), journal)
    with pytest.raises(MachineError, match="is transient: libvirt forgets it"):
        machine.power_off()
    assert domain.isActive()
    domain.destroy()
    connection.close()
