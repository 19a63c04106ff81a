"""Whether a file is an EFI application, and for which machine: its PE/COFF headers.

UEFI 2.10 section 2.1.1 names the subsystem and the machines.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from edgeboot.node.boot.fetched import Fetched, NotFetched

_PE_OFFSET_AT: Final = 0x3C
_COFF: Final = struct.Struct("<HHIIIHH")
_SECTION: Final = struct.Struct("<8x6I2HI")
_DIRECTORY: Final = struct.Struct("<II")
_U16: Final = struct.Struct("<H")
_U32: Final = struct.Struct("<I")
_SUBSYSTEM_AT: Final = 68
_DIRECTORIES_AT: Final = {0x10B: 96, 0x20B: 112}
"""In the optional header, by its magic: PE32 and PE32+."""
_CERTIFICATE_TABLE: Final = 4
_APPLICATION: Final = 10


class NotAnEfiApplication(ValueError):
    """Firmware would not start this; the text says why."""


class Machine(IntEnum):
    """PE/COFF's machine types that UEFI boots."""

    IA32 = 0x014C
    ARM = 0x01C2
    RISCV64 = 0x5064
    X86_64 = 0x8664
    AARCH64 = 0xAA64


@dataclass(frozen=True, slots=True)
class EfiApplication:
    """What its headers say."""

    machine: Machine
    signed: bool
    """Whether it carries a certificate table; by whom it is signed is Secure Boot's to judge."""


def efi_application(content: bytes) -> EfiApplication:
    """The EFI application in a file.

    Raises:
        NotAnEfiApplication: it is none, or is cut short.
    """
    coff = _coff_header(content)
    number, sections, *_, optional_size, _ = _unpacked(_COFF, content, coff)
    machine = _machine(number)
    optional = coff + _COFF.size
    offset, size = _certificate_table(content, optional)
    _check_sections(content, optional + optional_size, sections)
    _check_end("certificate table", offset + size, content)
    return EfiApplication(machine, signed=size > 0)


def booted(fetched: Fetched) -> EfiApplication:
    """The EFI application that was fetched.

    Raises:
        NotFetched: it is none; the text tells from whom it came, too.
    """
    try:
        return efi_application(fetched.content)
    except NotAnEfiApplication as error:
        raise NotFetched(f"{fetched.url} from {fetched.sender} is no EFI application: {error}") from error


def _coff_header(content: bytes) -> int:
    """Where it is: behind the DOS header and the PE signature."""
    if content[:2] != b"MZ":
        found = f"it begins with {content[:16]!r}, not with MZ" if content else "it is empty"
        raise NotAnEfiApplication(found)
    (at,) = _unpacked(_U32, content, _PE_OFFSET_AT)
    if content[at : at + 4] != b"PE\0\0":
        raise NotAnEfiApplication(f"it has no PE signature at octet {at}")
    return at + 4


def _machine(number: int) -> Machine:
    try:
        return Machine(number)
    except ValueError:
        raise NotAnEfiApplication(f"its machine {number:#06x} is none that UEFI boots") from None


def _certificate_table(content: bytes, at: int) -> tuple[int, int]:
    """Its offset in the file and its size, from an application's optional header."""
    (magic,) = _unpacked(_U16, content, at)
    directories = _DIRECTORIES_AT.get(magic)
    if directories is None:
        raise NotAnEfiApplication(f"its optional header has magic {magic:#06x}")
    (subsystem,) = _unpacked(_U16, content, at + _SUBSYSTEM_AT)
    if subsystem != _APPLICATION:
        raise NotAnEfiApplication(f"its subsystem is {subsystem}, not {_APPLICATION} (EFI application)")
    (count,) = _unpacked(_U32, content, at + directories - _U32.size)
    if count <= _CERTIFICATE_TABLE:
        return 0, 0
    offset, size = _unpacked(_DIRECTORY, content, at + directories + _CERTIFICATE_TABLE * _DIRECTORY.size)
    return offset, size


def _check_sections(content: bytes, at: int, count: int) -> None:
    for index in range(count):
        place = at + index * _SECTION.size
        _, _, size, offset, *_ = _unpacked(_SECTION, content, place)
        name = content[place : place + 8].rstrip(b"\0").decode("ascii", "backslashreplace")
        _check_end(f"section {name}", offset + size, content)


def _check_end(what: str, end: int, content: bytes) -> None:
    if end > len(content):
        raise NotAnEfiApplication(f"its {what} ends at octet {end}, the file at {len(content)}: cut short")


def _unpacked(form: struct.Struct, octets: bytes, at: int) -> tuple[int, ...]:
    if at + form.size > len(octets):
        raise NotAnEfiApplication(f"it ends at octet {len(octets)} within its headers: cut short")
    return form.unpack_from(octets, at)
