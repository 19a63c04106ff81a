"""A virtual machine that a lab makes by libvirt, as a site's virtual edge nodes are made."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

from edgeboot.base.errors import LabError
from edgeboot.host.directory import Directory
from edgeboot.host.journal import Journal
from edgeboot.host.libvirt.connection import connected
from edgeboot.host.libvirt.made import MadeByLibvirt
from edgeboot.machines.libvirt_domain.ending import end_at_once
from edgeboot.machines.libvirt_domain.entry import LibvirtEntry
from edgeboot.machines.libvirt_domain.guest_definition import (
    FirmwareFiles,
    Plug,
    check_definable,
    definition_of,
)
from edgeboot.machines.libvirt_domain.machine import LibvirtMachine
from edgeboot.machines.qemu.firmware import Start
from edgeboot.machines.qemu.guest import Guest
from edgeboot.machines.qemu.installed import check_installed

_FOR_EVERYBODY: Final = 0o755
"""libvirt's QEMU is another user's process."""


@dataclass(frozen=True, slots=True)
class DefinedDomain(MadeByLibvirt):
    """A virtual machine that libvirt knows, as a leftover."""

    kind: ClassVar[str] = "libvirt virtual machine"
    thing: ClassVar[str] = "virtual machine"

    def _remove(self, connection: Any) -> None:
        import libvirt  # noqa: PLC0415 - of the kind extras

        domain = connection.lookupByName(self.name)
        end_at_once(domain)
        # Its variables are the lab's file.
        domain.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_KEEP_NVRAM)

    def _gone(self) -> frozenset[int]:
        import libvirt  # noqa: PLC0415 - of the kind extras

        return frozenset({libvirt.VIR_ERR_NO_DOMAIN})


class MadeDomain(LibvirtMachine):
    """A machine that the lab has defined: nobody else's, so that nothing of it has to be put back.

    Args:
        entry: which domain of which libvirt it is.
        guest: what it is made of.
    """

    def __init__(self, entry: LibvirtEntry, guest: Guest) -> None:
        super().__init__(entry, None)
        self._guest = guest

    @property
    def firmware(self) -> str:
        """Name and version of its package."""
        return f"{self._guest.firmware.name} {self._guest.firmware.version(self._guest.version)}"


@contextmanager
def made_domain(
    uri: str, guest: Guest, plug: Plug, directory: Path, journal: Journal
) -> Iterator[MadeDomain]:
    """A virtual machine that is off, as long as the context lasts.

    Args:
        uri: of its libvirt, which runs on this machine.
        guest: what it is made of.
        plug: where its card is.
        directory: for its firmware; made here, and removed.
        journal: records what is made first.

    Raises:
        UsageError: QEMU or the firmware is not installed, or libvirt cannot make such a machine.
        LabError: libvirt does not answer, or refuses.
    """
    check_definable(guest)
    check_installed(guest.firmware, guest.version)
    title = f"edgeboot-{journal.run}-{guest.name}"
    entry = LibvirtEntry(name=guest.name, mac=guest.mac, kind="libvirt", uri=uri, domain=title)
    leftovers = (Directory(directory), DefinedDomain(title, uri))
    for each in leftovers:
        journal.about_to_make(each)
    machine = MadeDomain(entry, guest)
    try:
        _define(uri, definition_of(title, guest, plug, _files(guest, directory)), guest.name)
        yield machine
    finally:
        for each in reversed(leftovers):
            journal.remove(each)
        machine.close()


def _define(uri: str, xml: str, name: str) -> None:
    try:
        with connected(uri) as connection:
            connection.defineXML(xml)
    except LabError as error:
        raise LabError(f"machine {name}", f"is not made: {error.problem}", error.hint) from error


def _files(guest: Guest, directory: Path) -> FirmwareFiles:
    """Copies of the firmware and its variables that libvirt's QEMU can read."""
    directory.mkdir(mode=_FOR_EVERYBODY)
    directory.chmod(_FOR_EVERYBODY)
    firmware = guest.firmware
    if firmware.start is Start.OPTION_ROM:
        return FirmwareFiles(None, None)
    code = _copied(firmware.file(firmware.code, guest.version), directory / firmware.code)
    if firmware.variables is None:
        return FirmwareFiles(code, None)
    given = guest.variables or firmware.file(firmware.variables, guest.version)
    variables = _copied(given, directory / "variables.fd")
    return FirmwareFiles(code, variables, None if guest.disk is None else _with_files(guest.disk, directory))


def _with_files(source: Path, directory: Path) -> Path:
    disk = directory / "disk"
    shutil.copytree(source, disk, copy_function=_copied)
    for each in (disk, *(path for path in disk.rglob("*") if path.is_dir())):
        each.chmod(_FOR_EVERYBODY)
    return disk


def _copied(source: str | Path, target: str | Path) -> Path:
    shutil.copyfile(source, target)
    Path(target).chmod(0o644)
    return Path(target)
