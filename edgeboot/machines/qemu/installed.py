"""Which QEMU and which firmware of this machine a virtual machine would have, for the doctor."""

from __future__ import annotations

import re
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.dhcp.clients.versions import VERSIONS
from edgeboot.host.command import find_program, output
from edgeboot.machines.qemu.accelerator import ACCELERATORS, Accelerator
from edgeboot.machines.qemu.command_line import program
from edgeboot.machines.qemu.firmware import Firmware, Processor

HINT: Final = "tools/system-packages machines and tools/firmware get it"
_VERSION: Final = re.compile(r"version (\S+)")


def check_installed(firmware: Firmware, version: str | None = None) -> None:
    """Return where a virtual machine with this firmware can be started.

    Raises:
        UsageError: QEMU or the firmware is not there.
    """
    name = program(firmware.processor)
    if find_program(name) is None:
        raise UsageError(f"firmware {firmware.name}", f"the program {name} is not installed", HINT)
    firmware.version(version)


def described(firmware: Firmware) -> str:
    """Versions of the firmware and of QEMU, and what would execute it; raises UsageError.

    With the firmware's it says whether that version is one of those that were asked what they boot.
    """
    check_installed(firmware)
    accelerator = ACCELERATORS.of(firmware.name, firmware.processor)
    by = "KVM, where it runs with that" if accelerator is Accelerator.KVM else "TCG"
    version = f"{firmware.package} {firmware.version()} ({_asked(firmware)})"
    return f"{version}, QEMU {_qemu_version(firmware.processor)}, executed by {by}"


def _asked(firmware: Firmware) -> str:
    versions = VERSIONS.get(firmware.client or "", {})
    if firmware.version() in versions:
        return "the rules hold for it"
    return f"the rules are not known to hold for it; they do for {', '.join(versions) or 'no version of it'}"


def _qemu_version(processor: Processor) -> str:
    found = _VERSION.search(output(program(processor), "--version"))
    return "of unknown version" if found is None else found[1]
