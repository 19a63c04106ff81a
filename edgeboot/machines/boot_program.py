"""The boot file of tests with machines: an EFI application that says on the console that it has started.

``tools/boot-program`` compiles it into the cache. Its label is written into the file here, before it is
signed: files with different labels differ, and the console tells which of them has started.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from edgeboot.base.deadline import Deadline
from edgeboot.base.errors import LabError
from edgeboot.base.paths import PROJECT, cache_directory, shown
from edgeboot.machines.console import Console
from edgeboot.node.boot.pe_image import Machine as Processor

_FILES: Final = {Processor.X86_64: "x64", Processor.IA32: "ia32", Processor.AARCH64: "aarch64"}
_FIELD: Final = 64
"""Octets of a field of tools/boot_program.c."""
_LABEL: Final = re.compile(r"[A-Za-z0-9._-]{1,40}")
_STARTED: Final = re.compile(r"edgeboot: started (\S+) on (x64|ia32|aarch64), Secure Boot (on|off)")


class End(Enum):
    """How the program ends, after it has said that it started."""

    RETURN = "return"
    """With EFI_NOT_FOUND: firmware says so, and tries its next boot option."""
    SHUT_DOWN = "shutdown"
    """By the firmware's ResetSystem: the machine is off."""


@dataclass(frozen=True, slots=True)
class Started:
    """What the program said: its label, and what it found where it runs."""

    label: str
    processor: Processor
    secure_boot: bool
    at: float
    """Seconds since the epoch."""


def boot_program(processor: Processor, label: str, end: End = End.RETURN) -> bytes:
    """The program as a file, unsigned.

    Args:
        processor: what it is for.
        label: 1 to 40 letters, digits, dots, hyphens and underscores.
        end: what it does after it has said that it started.

    Raises:
        LabError: it has not been compiled.
        ValueError: the label cannot be written into the file.
    """
    if not _LABEL.fullmatch(label):
        raise ValueError(f"{label!r} is no label of a boot program")
    path = cache_directory() / "boot-program" / f"{_FILES[processor]}.efi"
    if not path.is_file():
        hint = f"run {shown(PROJECT / 'tools' / 'boot-program')}"
        raise LabError("boot program", f"{path} is missing", hint)
    return _written(_written(path.read_bytes(), "edgeboot-label=", label), "edgeboot-end=", end.value)


def wait_for_start(console: Console, deadline: Deadline, since: float = 0.0) -> Started | None:
    """What the program says when it starts; None when the time is over."""
    line = console.wait_for(_STARTED.pattern, deadline, since)
    return started(line.text, line.at) if line else None


def started(text: str, at: float) -> Started | None:
    """What a line of a console says of the program's start; None for any other line."""
    found = _STARTED.search(text)
    if not found:
        return None
    processor = next(each for each, name in _FILES.items() if name == found[2])
    return Started(found[1], processor, found[3] == "on", at)


def _written(content: bytes, name: str, value: str) -> bytes:
    start = content.index(name.encode())
    field = f"{name}{value}".encode().ljust(_FIELD, b"\0")
    return content[:start] + field + content[start + _FIELD :]
