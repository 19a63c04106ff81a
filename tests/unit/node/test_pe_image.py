"""PE/COFF headers: crafted EFI applications, and files that are none with the reason."""

from __future__ import annotations

import struct
from contextlib import suppress
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeboot.node.boot.pe_image import EfiApplication, Machine, NotAnEfiApplication, efi_application

_PE_OFFSET: Final = 0x40


def image(
    machine: int = Machine.X86_64,
    *,
    magic: int = 0x20B,
    subsystem: int = 10,
    certificate: tuple[int, int] = (0, 0),
    section_end: int = 0x200,
    size: int = 0x200,
    directories: int = 16,
) -> bytes:
    """The shortest PE image with one section."""
    dos = b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", _PE_OFFSET)
    fixed = 112 if magic == 0x20B else 96
    optional = struct.pack("<H", magic).ljust(68, b"\0") + struct.pack("<H", subsystem)
    optional = optional.ljust(fixed - 4, b"\0") + struct.pack("<I", directories)
    table = bytearray(8 * directories)
    if directories > 4:
        struct.pack_into("<II", table, 8 * 4, *certificate)
    optional += bytes(table)
    coff = struct.pack("<HHIIIHH", machine, 1, 0, 0, 0, len(optional), 0)
    section = struct.pack("<8s6I2HI", b".text", 0, 0, section_end - 0x1F0, 0x1F0, 0, 0, 0, 0, 0)
    return (dos + b"PE\0\0" + coff + optional + section).ljust(size, b"\0")


@pytest.mark.covers("UEFI-2.1.1-efi-application")
@pytest.mark.parametrize("machine", Machine)
@pytest.mark.parametrize("magic", [0x10B, 0x20B], ids=["PE32", "PE32+"])
def test_machine_is_read_from_the_coff_header(machine: Machine, magic: int) -> None:
    """It works with both formats of the optional header, signed and unsigned."""
    assert efi_application(image(machine, magic=magic)) == EfiApplication(machine, signed=False)
    signed = image(machine, magic=magic, certificate=(0x1F0, 0x10))
    assert efi_application(signed) == EfiApplication(machine, signed=True)


def test_image_with_few_data_directories_is_unsigned() -> None:
    """It has no directory entry for a certificate table."""
    assert not efi_application(image(directories=2)).signed


@pytest.mark.covers("UEFI-2.1.1-efi-application")
@pytest.mark.parametrize(
    "content,reason",
    [
        (b"", "it is empty"),
        (b"<html>404</html>", "it begins with b'<html>404</html>', not with MZ"),
        (b"MZ", "it ends at octet 2 within its headers: cut short"),
        (image()[:0x100], "it ends at octet 256 within its headers: cut short"),
        (b"MZ".ljust(0x80, b"\0"), "it has no PE signature at octet 0"),
        (image(0x0200), "its machine 0x0200 is none that UEFI boots"),
        (image(magic=0x107), "its optional header has magic 0x0107"),
        (image(subsystem=11), r"its subsystem is 11, not 10 \(EFI application\)"),
        (image(section_end=0x201), r"its section \.text ends at octet 513, the file at 512: cut short"),
        (image(certificate=(0x1F0, 0x20)), "its certificate table ends at octet 528, the file at 512"),
    ],
    ids=[
        "empty",
        "a page",
        "two octets",
        "half a header",
        "DOS",
        "Itanium",
        "magic",
        "a driver",
        "cut section",
        "cut certificates",
    ],
)
def test_file_firmware_would_not_start_says_why(content: bytes, reason: str) -> None:
    """Truncated downloads, error pages and images of another type are recognised."""
    with pytest.raises(NotAnEfiApplication, match=reason):
        efi_application(content)


@given(st.binary(max_size=200), st.integers(0, 0x1FF))
def test_no_octets_raise_another_exception(octets: bytes, offset: int) -> None:
    """An image with arbitrary octets overwritten is parsed or raises NotAnEfiApplication."""
    good = image()
    with suppress(NotAnEfiApplication):
        efi_application(good[:offset] + octets + good[offset + len(octets) :])
