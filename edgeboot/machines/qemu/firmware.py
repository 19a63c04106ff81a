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


class Start(Enum):
    """How a virtual machine comes to execute its firmware."""

    FLASH = "flash"
    """From flash chips, as EDK2: code, and variables beside it."""
    BIOS = "bios"
    """QEMU loads it in the place of the machine's own."""
    OPTION_ROM = "option ROM"
    """The machine's own BIOS, SeaBIOS, finds it on the network card."""
    KERNEL = "kernel"
    """The machine's own BIOS starts it as if it were Linux."""


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
    start: Start = Start.FLASH
    variables: str | None = None
    """The file of its variables as they leave the factory; None for a firmware that keeps none."""
    draws: bool = False
    """Whether it writes on a VGA screen what it writes to its serial console."""
    memory: int = 256
    """MiB that it needs for itself and a boot file."""

    def file(self, name: str, version: str | None = None) -> Path:
        """One of its files; ``version`` is the package's, by default the one unpacked last.

        In its place the name of a release of Debian stands for the version that ``tools/firmware --release``
        has unpacked of it.

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

    def is_unpacked(self, version: str) -> bool:
        """Whether this version is there, or one of this release of Debian."""
        return (self._directory(version) / self.code).is_file()

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
_SERIAL_BIOS: Final = ("-machine", "q35,graphics=off")
"""SeaBIOS writes to the serial console then, and all that uses its screen with it."""
_VIRT_ARM64: Final = ("-machine", "virt")

_ALL: Final = (
    Firmware(
        name="ovmf-x64",
        processor=Processor.X86_64,
        package="ovmf",
        code="OVMF_CODE_4M.fd",
        variables="OVMF_VARS_4M.fd",
        machine=_Q35,
        client="edk2-pxe-x86-64",
        draws=True,
    ),
    Firmware(
        name="ovmf-x64-secure-boot",
        processor=Processor.X86_64,
        package="ovmf",
        code="OVMF_CODE_4M.secboot.fd",
        variables="OVMF_VARS_4M.fd",
        machine=_Q35_SMM,
        client="edk2-pxe-x86-64",
        draws=True,
    ),
    Firmware(
        name="ovmf-ia32",
        processor=Processor.I386,
        package="ovmf-ia32",
        code="OVMF32_CODE_4M.secboot.fd",
        variables="OVMF32_VARS_4M.fd",
        machine=_Q35_SMM,
        client="edk2-pxe-ia32",
        draws=True,
    ),
    Firmware(
        name="aavmf",
        processor=Processor.AARCH64,
        package="qemu-efi-aarch64",
        code="AAVMF_CODE.fd",
        variables="AAVMF_VARS.fd",
        machine=_VIRT_ARM64,
        client="edk2-pxe-arm64",
        memory=512,
    ),
    Firmware(
        name="ipxe-rom",
        processor=Processor.X86_64,
        package="ipxe-qemu",
        code="efi-virtio.rom",
        start=Start.OPTION_ROM,
        machine=_SERIAL_BIOS,
        client="ipxe-bios",
    ),
    Firmware(
        name="ipxe-lkrn",
        processor=Processor.X86_64,
        package="ipxe",
        code="ipxe.lkrn",
        start=Start.KERNEL,
        machine=_SERIAL_BIOS,
        client="ipxe-bios",
    ),
    Firmware(
        name="u-boot-arm64",
        processor=Processor.AARCH64,
        package="u-boot-qemu",
        code="u-boot.bin",
        start=Start.BIOS,
        machine=_VIRT_ARM64,
        client="u-boot-arm64",
    ),
)
FIRMWARE: Final = MappingProxyType({each.name: each for each in _ALL})
"""Every firmware by its name."""
