"""Virtual machines that the kind lab makes by libvirt: each firmware can be defined, and nothing stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.base.errors import UsageError
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.host import links
from edgeboot.host.journal import Journal, undo
from edgeboot.host.libvirt.connection import connected
from edgeboot.host.links import LinkEnd
from edgeboot.machines.boot_program import boot_program, wait_for_start
from edgeboot.machines.libvirt_domain.guest_definition import Plug
from edgeboot.machines.libvirt_domain.made import DefinedDomain, MadeDomain, made_domain
from edgeboot.machines.protocol import PowerState
from edgeboot.machines.qemu.firmware import FIRMWARE
from edgeboot.machines.qemu.guest import Guest, NetworkBoot
from edgeboot.node.boot.pe_image import Machine
from fixtures.libvirt_daemon import LibvirtDaemon, libvirt_daemon

__all__ = ["libvirt_daemon"]
pytestmark = [pytest.mark.bmc, pytest.mark.libvirt]
Make = Callable[..., AbstractContextManager[MadeDomain]]
PLUG: Final = Plug("made0", "ebtestv1")
IDENTITY: Final = EdgeNodeIdentity.numbered(1, 0x4D)


@pytest.fixture
def bridge(libvirt_daemon: LibvirtDaemon) -> Iterator[LinkEnd]:
    """The segment."""
    end = LinkEnd(libvirt_daemon.namespace, PLUG.bridge)
    links.add_bridge(end, None)
    yield end
    links.remove(end)


@pytest.fixture
def make(libvirt_daemon: LibvirtDaemon, bridge: LinkEnd, journal: Journal, tmp_path: Path) -> Make:
    """Makes a machine with that firmware."""
    del bridge

    def made(firmware: str, disk: Path | None = None) -> AbstractContextManager[MadeDomain]:
        mac, uuid, screen = IDENTITY.mac, IDENTITY.machine, FIRMWARE[firmware].draws
        guest = Guest(
            "machine1", mac, FIRMWARE[firmware], boot=NetworkBoot.HTTP, uuid=uuid, screen=screen, disk=disk
        )
        return made_domain(libvirt_daemon.uri, guest, PLUG, tmp_path / "files", journal)

    return made


def domains(uri: str) -> list[str]:
    """Those that libvirt knows."""
    with connected(uri) as connection:
        return [domain.name() for domain in connection.listAllDomains()]


@pytest.mark.parametrize("firmware", ["ovmf-x64", "ovmf-x64-secure-boot", "ovmf-ia32", "aavmf", "ipxe-rom"])
def test_libvirt_runs_a_machine_with_each_firmware_and_forgets_it(
    firmware: str, make: Make, libvirt_daemon: LibvirtDaemon, journal: Journal, tmp_path: Path
) -> None:
    """It was in the journal before, and is nowhere after."""
    with make(firmware) as machine:
        assert re.match(rf"{firmware} \d", machine.firmware)
        machine.power_on()
        assert machine.power_state() is PowerState.ON
        screen = machine.screenshot() or b""
        assert screen.startswith(b"\x89PNG") is FIRMWARE[firmware].draws
        assert "libvirt virtual machine" in journal.path.read_text(encoding="utf-8")
    assert domains(libvirt_daemon.uri) == []
    assert not (tmp_path / "files").exists()


def test_machine_starts_the_program_on_its_disk(make: Make, tmp_path: Path) -> None:
    """Before it asks the network."""
    program = tmp_path / "disk" / "EFI" / "BOOT" / "BOOTX64.EFI"
    program.parent.mkdir(parents=True)
    program.write_bytes(boot_program(Machine.X86_64, "disk"))
    with make("ovmf-x64", tmp_path / "disk") as machine:
        machine.power_on()
        assert wait_for_start(machine.console, Deadline.after(Wait.FIRMWARE_START)) is not None


def test_machine_of_a_killed_run_is_ended_by_its_journal(make: Make, libvirt_daemon: LibvirtDaemon) -> None:
    """By another process, and once."""
    with make("ovmf-x64") as machine:
        machine.power_on()
        [name] = domains(libvirt_daemon.uri)
        left = DefinedDomain.from_json(DefinedDomain(name, libvirt_daemon.uri).to_json())
        assert (undo(left), undo(left)) == (True, False)


def test_firmware_that_libvirt_does_not_start_is_an_error_of_its_own(make: Make) -> None:
    """Nothing is made for it."""
    with pytest.raises(UsageError, match="firmware u-boot-arm64: is started as bios"), make("u-boot-arm64"):
        pass
