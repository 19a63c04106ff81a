"""A network client that is no machine's firmware: an EFI program, which firmware starts from a disk."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import cache_directory
from edgeboot.machines.qemu.firmware import HINT

_BOOT: Final = Path("EFI", "BOOT")
"""Where firmware looks for the program of a disk of which it knows nothing (UEFI 2.10 section 3.5.1)."""


@dataclass(frozen=True, slots=True)
class EfiProgram:
    """A program of one of the packages that ``tools/firmware`` unpacks."""

    package: str
    file: str
    started: str = "BOOTX64.EFI"
    """The name that firmware of its processor looks for."""

    @property
    def version(self) -> str:
        """Package and version; raises UsageError where it is not unpacked."""
        version = self._path.parent.name.removeprefix(f"{self.package}-")
        return f"{self.package} {version}"

    @property
    def directory(self) -> Path:
        """Where it is unpacked, for a server that offers it; raises UsageError."""
        return self._path.parent

    def on_a_disk(self, directory: Path) -> Path:
        """The directory, made, with the program in the place that is started; raises UsageError."""
        place = directory / _BOOT
        place.mkdir(parents=True)
        shutil.copyfile(self._path, place / self.started)
        return directory

    @property
    def _path(self) -> Path:
        path = cache_directory() / "firmware" / self.package / self.file
        if not path.is_file():
            raise UsageError(f"program {self.file}", f"{path} is missing", HINT)
        return path.resolve()


IPXE: Final = EfiProgram("ipxe", "ipxe.efi")
GRUB: Final = EfiProgram("grub-efi-amd64-bin", "grubnetx64.efi")
"""GRUB as it is loaded from the network."""
