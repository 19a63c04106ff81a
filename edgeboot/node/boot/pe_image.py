"""Checks the PE/COFF headers of a file: is it an EFI application, and for which machine?

UEFI 2.10 section 2.1.1 names the subsystem and the machines.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Protocol

from edgeboot.node.boot.fetched import Fetched, NotFetched
from edgeboot.node.boot.signature import signers_of

_PE_OFFSET_FIELD: Final = 0x3C
_COFF: Final = struct.Struct("<HHIIIHH")
_SECTION: Final = struct.Struct("<8x6I2HI")
_DIRECTORY: Final = struct.Struct("<II")
_U16: Final = struct.Struct("<H")
_U32: Final = struct.Struct("<I")
_SUBSYSTEM_OFFSET: Final = 68
_DIRECTORIES_OFFSET: Final = {0x10B: 96, 0x20B: 112}
"""Offset of the data directories in the optional header, by its magic: PE32 and PE32+."""
_CERTIFICATE_TABLE: Final = 4
_APPLICATION: Final = 10


class Octets(Protocol):
    """The content of a file, or of one of which only the parts are kept that say what it is."""

    def __len__(self) -> int: ...

    def __getitem__(self, part: slice, /) -> bytes: ...


class NotAnEfiApplication(ValueError):
    """Firmware would not start this file; the text gives the reason."""


class Machine(IntEnum):
    """PE/COFF machine types defined for UEFI (UEFI 2.10 section 2.1.1)."""

    IA32 = 0x014C
    ARM = 0x01C2
    RISCV64 = 0x5064
    X86_64 = 0x8664
    AARCH64 = 0xAA64


@dataclass(frozen=True, slots=True)
class EfiApplication:
    """Facts from the headers of an EFI application."""

    machine: Machine
    signed: bool
    """Whether it has a certificate table; the signature itself is not verified."""
    signers: tuple[str, ...] = ()
    """The names in its signers' certificates, as far as these can be read."""

    def __str__(self) -> str:
        return f"for {self.machine.name}, {self.signature}"

    @property
    def signature(self) -> str:
        """Whether it is signed, and by whom, in words."""
        if not self.signed:
            return "unsigned"
        return f"signed by {' and '.join(self.signers) or 'nobody that can be read'}"


def efi_application(content: Octets) -> EfiApplication:
    """Parse the headers of an EFI application.

    Raises:
        NotAnEfiApplication: the file is something else, or truncated.
    """
    coff = _coff_header(content)
    number, sections, *_, optional_size, _ = _unpacked(_COFF, content, coff)
    machine = _machine(number)
    optional = coff + _COFF.size
    table_offset, size = _certificate_table(content, optional)
    _check_sections(content, optional + optional_size, sections)
    _check_end("certificate table", table_offset + size, content)
    signers = signers_of(content[table_offset : table_offset + size])
    return EfiApplication(machine, signed=size > 0, signers=signers)


def certificates_at(content: Octets) -> slice:
    """Where the certificate table is, as the headers say it; an empty slice without one.

    Args:
        content: the file, or what has come of it.
    """
    try:
        offset, size = _certificate_table(content, _coff_header(content) + _COFF.size)
    except NotAnEfiApplication:
        return slice(0, 0)
    return slice(offset, offset + size)


def fetched_application(fetched: Fetched) -> EfiApplication:
    """Parse the headers of a fetched EFI application.

    Raises:
        NotFetched: the file is no EFI application; the text also names the server.
    """
    try:
        return efi_application(fetched.content)
    except NotAnEfiApplication as error:
        raise NotFetched(f"{fetched.url} from {fetched.sender} is no EFI application: {error}") from error


def _coff_header(content: Octets) -> int:
    """The offset of the COFF header, which follows the DOS header and the PE signature."""
    if content[:2] != b"MZ":
        reason = f"it begins with {content[:16]!r}, not with MZ" if len(content) else "it is empty"
        raise NotAnEfiApplication(reason)
    (offset,) = _unpacked(_U32, content, _PE_OFFSET_FIELD)
    if content[offset : offset + 4] != b"PE\0\0":
        raise NotAnEfiApplication(f"it has no PE signature at octet {offset}")
    return offset + 4


def _machine(number: int) -> Machine:
    try:
        return Machine(number)
    except ValueError:
        raise NotAnEfiApplication(f"its machine {number:#06x} is none that UEFI boots") from None


def _certificate_table(content: Octets, offset: int) -> tuple[int, int]:
    """Offset in the file and size of the certificate table, from the optional header."""
    (magic,) = _unpacked(_U16, content, offset)
    directories = _DIRECTORIES_OFFSET.get(magic)
    if directories is None:
        raise NotAnEfiApplication(f"its optional header has magic {magic:#06x}")
    (subsystem,) = _unpacked(_U16, content, offset + _SUBSYSTEM_OFFSET)
    if subsystem != _APPLICATION:
        raise NotAnEfiApplication(f"its subsystem is {subsystem}, not {_APPLICATION} (EFI application)")
    (count,) = _unpacked(_U32, content, offset + directories - _U32.size)
    if count <= _CERTIFICATE_TABLE:
        return 0, 0
    table_offset, size = _unpacked(
        _DIRECTORY, content, offset + directories + _CERTIFICATE_TABLE * _DIRECTORY.size
    )
    return table_offset, size


def _check_sections(content: Octets, offset: int, count: int) -> None:
    for index in range(count):
        header = offset + index * _SECTION.size
        _, _, size, table_offset, *_ = _unpacked(_SECTION, content, header)
        name = content[header : header + 8].rstrip(b"\0").decode("ascii", "backslashreplace")
        _check_end(f"section {name}", table_offset + size, content)


def _check_end(part: str, end: int, content: Octets) -> None:
    if end > len(content):
        raise NotAnEfiApplication(f"its {part} ends at octet {end}, the file at {len(content)}: cut short")


def _unpacked(layout: struct.Struct, octets: Octets, offset: int) -> tuple[int, ...]:
    if offset + layout.size > len(octets):
        raise NotAnEfiApplication(f"it ends at octet {len(octets)} within its headers: cut short")
    return layout.unpack(octets[offset : offset + layout.size])
