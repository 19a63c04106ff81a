"""What a virtual machine is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from uuid import UUID

from edgeboot.base.mac import MacAddress
from edgeboot.machines.qemu.firmware import Firmware


class NetworkBoot(Enum):
    """How EDK2 boots from the network first; other firmware knows one way only."""

    PXE = "pxe"
    HTTP = "http"


@dataclass(frozen=True, slots=True)
class Guest:
    """A virtual machine: firmware, one network card, a serial console, and by default no disk."""

    name: str
    mac: MacAddress
    firmware: Firmware
    boot: NetworkBoot = NetworkBoot.PXE
    uuid: UUID | None = None
    """In its SMBIOS tables, whence firmware takes option 97; None for zeros."""
    screen: bool = False
    """Whether it has one beside its serial console."""
    variables: Path | None = None
    """A file of variables to start from in place of the firmware's own; it is copied."""
    disk: Path | None = None
    """A directory whose files are on its disk, a read-only FAT file system that it boots from first."""
    version: str | None = None
    """The version of the firmware's package; None for the one unpacked last."""
    memory: int | None = None
    """MiB; None for what the firmware needs."""
