"""libvirt's XML of a virtual machine as a lab makes them: the same firmware and card that QEMU alone gets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from edgeboot.base.errors import UsageError
from edgeboot.machines.qemu.command_line import SWITCHED_OFF
from edgeboot.machines.qemu.firmware import Processor, Start
from edgeboot.machines.qemu.guest import Guest

_32_BIT: Final = "coreduo"
"""A processor of QEMU's for x86-64: libvirt protects firmware's variables on no other architecture."""


@dataclass(frozen=True, slots=True)
class Plug:
    """Where a virtual machine's card is plugged in."""

    bridge: str
    """The bridge of libvirt's host that is the segment."""
    tap: str
    """The name that libvirt shall give the card's TAP interface, which is there while the machine is on."""


@dataclass(frozen=True, slots=True)
class FirmwareFiles:
    """Files that libvirt's QEMU can read; None for a machine whose firmware is QEMU's own."""

    code: Path | None
    variables: Path | None
    """The machine's own, which its firmware writes."""
    disk: Path | None = None
    """The directory whose files are on its disk."""


def check_definable(guest: Guest) -> None:
    """Return where libvirt can make such a machine.

    Raises:
        UsageError: its firmware is started in a way that only QEMU's own command line has.
    """
    if guest.firmware.start not in {Start.FLASH, Start.OPTION_ROM}:
        problem = f"is started as {guest.firmware.start.value}, which no libvirt domain is here"
        raise UsageError(f"firmware {guest.firmware.name}", problem, "use --lab netns for it")


def definition_of(title: str, guest: Guest, plug: Plug, files: FirmwareFiles) -> str:
    """The XML of a machine without a disk, which boots from its only card; QEMU translates its instructions.

    Args:
        title: its name in libvirt.
        guest: what it is made of.
        plug: where its card is.
        files: its firmware.
    """
    firmware = guest.firmware
    board, *traits = firmware.machine[1].split(",")
    protected = "smm=on" in traits
    domain = ET.Element("domain", type="qemu")
    _add(domain, "name", title)
    if guest.uuid is not None:
        _add(domain, "uuid", str(guest.uuid))
    _add(domain, "memory", str(guest.memory or firmware.memory), unit="MiB")
    _add(domain, "vcpu", "1")
    _add_system(domain, guest, board, files, protected=protected)
    features = _add(domain, "features")
    _add(features, "acpi")
    if protected:
        _add(features, "smm", state="on")
        _add(_add(domain, "pm"), "suspend-to-mem", enabled="no")
    match firmware.processor:
        case Processor.I386:
            _add(_add(domain, "cpu", mode="custom", match="exact"), "model", _32_BIT)
        case Processor.AARCH64:
            _add(domain, "cpu", mode="maximum")  # AAVMF of Debian 13 boots nothing without FEAT_RNG.
        case Processor.X86_64:
            pass
    _add_devices(domain, guest, plug, files.disk)
    return ET.tostring(domain, encoding="unicode")


def _add_system(
    domain: ET.Element, guest: Guest, board: str, files: FirmwareFiles, *, protected: bool
) -> None:
    system = _add(domain, "os")
    _add(system, "type", "hvm", arch=_architecture(guest.firmware.processor), machine=board)
    if files.code is None:
        _add(system, "bios", useserial="yes")
        return
    secure = {"secure": "yes"} if protected else {}
    _add(system, "loader", str(files.code), readonly="yes", type="pflash", **secure)
    if files.variables is not None:
        _add(system, "nvram", str(files.variables))
    switches = _add(domain, "sysinfo", type="fwcfg")
    for name in SWITCHED_OFF[guest.boot]:
        _add(switches, "entry", "n", name=name)


def _architecture(processor: Processor) -> str:
    return Processor.AARCH64.value if processor is Processor.AARCH64 else Processor.X86_64.value


def _add_devices(domain: ET.Element, guest: Guest, plug: Plug, disk: Path | None) -> None:
    devices = _add(domain, "devices")
    if disk is not None:
        drive = _add(devices, "disk", type="dir", device="disk")
        _add(drive, "driver", name="qemu", type="fat")
        _add(drive, "source", dir=str(disk))
        _add(drive, "target", dev="vda", bus="virtio")
        _add(drive, "readonly")
        _add(drive, "boot", order="1")
    card = _add(devices, "interface", type="bridge")
    _add(card, "mac", address=str(guest.mac))
    _add(card, "source", bridge=plug.bridge)
    _add(card, "target", dev=plug.tap)
    _add(card, "model", type="virtio")
    _add(card, "boot", order="1" if disk is None else "2")
    if guest.firmware.start is Start.FLASH:
        _add(card, "rom", enabled="no")
        # EDK2 from 2024.05 on boots nothing from a network without random numbers.
        _add(_add(devices, "rng", model="virtio"), "backend", "/dev/urandom", model="random")
    _add(devices, "console", type="pty")
    _add(devices, "controller", type="usb", model="none")
    _add(devices, "memballoon", model="none")
    _add(_add(devices, "video"), "model", type="vga" if guest.screen else "none")


def _add(parent: ET.Element, name: str, text: str | None = None, /, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, name, attributes)
    child.text = text
    return child
