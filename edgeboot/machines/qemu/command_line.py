"""QEMU's arguments for a virtual machine; nothing here touches the machine that runs it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edgeboot.machines.qemu.accelerator import Accelerator
from edgeboot.machines.qemu.firmware import Firmware, Processor, Start
from edgeboot.machines.qemu.guest import Guest, NetworkBoot

_PROGRAM: Final = "qemu-system-"
_IPV4_PXE: Final = "opt/org.tianocore/IPv4PXESupport"
_IPV6_PXE: Final = "opt/org.tianocore/IPv6PXESupport"
SWITCHED_OFF: Final = {NetworkBoot.PXE: (_IPV6_PXE,), NetworkBoot.HTTP: (_IPV4_PXE, _IPV6_PXE)}
"""OVMF's and AAVMF's switches (fw_cfg) for what they must not try: it would take a minute each."""
_RANDOM_NUMBERS: Final = ("-device", "virtio-rng-pci")
"""EDK2 of Debian 13 does not boot from the network without a source of them (CVE-2023-45237)."""
_WITH_RANDOM_NUMBERS: Final = "max,pauth-impdef=on"
"""For ARM it takes them from the processor alone; pointers authenticated by the book would be slow."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """What a virtual machine is connected to."""

    tap: str
    """The name of its TAP interface, in the namespace that QEMU runs in."""
    code: Path
    variables: Path | None
    """Its own copy."""
    monitor: int
    """An open socket's descriptor."""
    accelerator: Accelerator = Accelerator.TCG


def program(processor: Processor) -> str:
    """QEMU's program for a processor."""
    return f"{_PROGRAM}{processor.value}"


def command_line(title: str, guest: Guest, attachment: Attachment) -> list[str]:
    """The command that runs a virtual machine, halted until its monitor lets it go on.

    Args:
        title: what identifies the process among all of this machine.
        guest: what it is made of.
        attachment: what it is connected to.
    """
    firmware = guest.firmware
    return [
        program(firmware.processor),
        *("-name", f"guest={title}"),
        "-S",
        "-nodefaults",
        "-no-user-config",
        *("-display", "none"),
        *firmware.machine,
        *("-accel", attachment.accelerator.value),
        *_cpu(firmware, attachment.accelerator),
        *("-m", str(guest.memory or firmware.memory)),
        *(() if guest.uuid is None else ("-uuid", str(guest.uuid))),
        *_started(firmware.start, attachment),
        *("-chardev", "stdio,id=console,signal=off"),
        *("-serial", "chardev:console"),
        *("-chardev", f"socket,id=monitor,fd={attachment.monitor}"),
        *("-mon", "chardev=monitor,mode=control"),
        *("-netdev", _network(attachment.tap)),
        *("-device", _card(guest)),
        *_disk(guest),
        *(("-device", "VGA") if guest.screen else ()),
        *((*_RANDOM_NUMBERS, *_only(guest.boot)) if firmware.start is Start.FLASH else ()),
    ]


def _cpu(firmware: Firmware, accelerator: Accelerator) -> tuple[str, ...]:
    """KVM can be no other processor than the machine's own; QEMU's default for ARM has 32 bits."""
    if accelerator is Accelerator.KVM:
        return ("-cpu", "host")
    if firmware.processor is not Processor.AARCH64:
        return ()
    return ("-cpu", _WITH_RANDOM_NUMBERS if firmware.start is Start.FLASH else "cortex-a57")


def _started(start: Start, attachment: Attachment) -> tuple[str, ...]:
    code = attachment.code
    match start:
        case Start.FLASH:
            chips = [f"if=pflash,unit=0,format=raw,readonly=on,file={_escaped(code)}"]
            if attachment.variables is not None:
                chips.append(f"if=pflash,unit=1,format=raw,file={_escaped(attachment.variables)}")
            return tuple(part for chip in chips for part in ("-drive", chip))
        case Start.BIOS:
            return ("-bios", str(code))
        case Start.KERNEL:
            return ("-kernel", str(code))
        case Start.OPTION_ROM:
            # As the card's own, whose PCI identifiers QEMU writes into it; SeaBIOS runs no other.
            return ("-L", str(code.parent))


def _network(tap: str) -> str:
    # Without vnet_hdr frames have the checksums and the size that they would have on a cable.
    return f"tap,id=net,ifname={tap},script=no,downscript=no,vnet_hdr=off"


def _card(guest: Guest) -> str:
    """QEMU gives it an option ROM with an iPXE unless it is told not to."""
    rom = "" if guest.firmware.start is Start.OPTION_ROM else ",romfile="
    return f"virtio-net-pci,id=nic,netdev=net,mac={guest.mac},bootindex=1{rom}"


def _disk(guest: Guest) -> tuple[str, ...]:
    """QEMU makes a file system of the directory; what cannot be written is in no snapshot."""
    if guest.disk is None:
        return ()
    drive = f"if=none,id=disk,format=raw,readonly=on,file=fat:{_escaped(guest.disk)}"
    return ("-drive", drive, "-device", "virtio-blk-pci,drive=disk,bootindex=0")


def _only(boot: NetworkBoot) -> tuple[str, ...]:
    switches = (f"name={name},string=n" for name in SWITCHED_OFF[boot])
    return tuple(part for switch in switches for part in ("-fw_cfg", switch))


def _escaped(path: Path) -> str:
    """QEMU reads a comma as the end of a value unless it is doubled."""
    return str(path).replace(",", ",,")
