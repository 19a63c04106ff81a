"""The firmware that a virtual machine can have: Debian's packages, unpacked by ``tools/firmware``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import PROJECT, cache_directory, shown

HINT: Final = f"run {shown(PROJECT / 'tools' / 'firmware')}"


class Processor(Enum):
    """What a virtual machine computes with; the value is the end of QEMU's program's name."""

    X86_64 = "x86_64"
    I386 = "i386"
    AARCH64 = "aarch64"


@dataclass(frozen=True, slots=True)
class Firmware:
    """One build of a firmware, and the machine that it is made for."""

    name: str
    processor: Processor
    package: str
    """Debian's; the directory ``tools/firmware`` unpacks it to has its name."""
    code: str
    """The file of its code."""
    machine: tuple[str, ...]
    """QEMU's arguments for the machine, without accelerator and memory."""
    client: str | None
    """The client of the table (``dhcp/clients``) that its network boot is, by default."""
    variables: str | None = None
    """The file of its variables as they leave the factory; None for a firmware that keeps none."""
    memory: int = 256
    """MiB that it needs for itself and a boot file."""

    def file(self, name: str, version: str | None = None) -> Path:
        """One of its files; ``version`` is the package's, by default the one unpacked last.

        Raises:
            UsageError: it has not been unpacked.
        """
        path = self._directory(version) / name
        if not path.is_file():
            raise UsageError(f"firmware {self.name}", f"{path} is missing", HINT)
        return path.resolve()

    def version(self, version: str | None = None) -> str:
        """The package's version, as Debian writes it; raises UsageError where it is not unpacked."""
        directory = self.file(self.code, version).parent
        return directory.name.removeprefix(f"{self.package}-")

    def _directory(self, version: str | None) -> Path:
        name = self.package if version is None else f"{self.package}-{version}"
        return cache_directory() / "firmware" / name


_Q35: Final = ("-machine", "q35")
_Q35_SMM: Final = (
    *("-machine", "q35,smm=on"),
    *("-global", "driver=cfi.pflash01,property=secure,value=on"),
    *("-global", "ICH9-LPC.disable_s3=1"),
)
"""Firmware that protects its variables by system management mode, as those with Secure Boot do."""

_ALL: Final = (
    Firmware(
        "ovmf-x64", Processor.X86_64, "ovmf", "OVMF_CODE_4M.fd", _Q35, "edk2-pxe-x86-64", "OVMF_VARS_4M.fd"
    ),
    Firmware(
        "ovmf-x64-secure-boot",
        Processor.X86_64,
        "ovmf",
        "OVMF_CODE_4M.secboot.fd",
        _Q35_SMM,
        "edk2-pxe-x86-64",
        "OVMF_VARS_4M.fd",
    ),
)
FIRMWARE: Final = MappingProxyType({each.name: each for each in _ALL})
"""Every firmware by its name."""
