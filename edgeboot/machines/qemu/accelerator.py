"""What executes a virtual machine's instructions: KVM where it does, else QEMU's own translator.

That /dev/kvm can be opened does not say that firmware runs there: a hypervisor below may lack what it
needs, such as system management mode, and the machine stands still then (``internal-error``).
"""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Final

from edgeboot.machines.qemu.firmware import Processor

DEVICE: Final = Path("/dev/kvm")
_OURS: Final = MappingProxyType(
    {"x86_64": (Processor.X86_64, Processor.I386), "aarch64": (Processor.AARCH64,)}
)
"""The processors that KVM can be, by the machine's own (uname(2))."""


class Accelerator(Enum):
    """What executes the guest's instructions; the value is QEMU's name of it."""

    KVM = "kvm"
    TCG = "tcg"


@dataclass
class Accelerators:
    """Which firmware has been seen to stand still with KVM, in this process."""

    _failed: dict[str, str] = field(default_factory=dict)

    def of(self, firmware: str, processor: Processor) -> Accelerator:
        """KVM where this machine has it and the firmware is not known to stand still with it."""
        able = processor in _OURS.get(platform.machine(), ()) and os.access(DEVICE, os.R_OK | os.W_OK)
        return Accelerator.KVM if able and firmware not in self._failed else Accelerator.TCG

    def failed(self, firmware: str, why: str) -> None:
        """This firmware stood still with KVM."""
        self._failed[firmware] = why

    def why_not(self, firmware: str) -> str | None:
        """Why KVM is not used for it, if that was tried."""
        return self._failed.get(firmware)


ACCELERATORS: Final = Accelerators()
"""Of this process."""
