"""What is kept of a content that passes: its digest, its beginning, and a PE file's signatures."""

from __future__ import annotations

import hashlib

import pytest

from edgeboot.node.boot.pe_image import efi_application
from edgeboot.report.machine_boot.content import BEGINNING, Content, ContentReader
from tests.unit.node.test_pe_image import image
from tests.unit.node.test_signature import named, signature

TABLE = signature(named("edge signer"))
SIGNED = image(certificate=(40_000, len(TABLE))).ljust(40_000, b"x") + TABLE


def read(content: bytes, piece: int) -> Content:
    """A content that came in pieces of so many octets."""
    reader = ContentReader()
    for at in range(0, len(content), piece):
        reader.take(content[at : at + piece])
    return reader.content


@pytest.mark.parametrize("piece", [7, 512, 1468, 65_464])
def test_program_is_told_by_what_is_kept_of_it(piece: int) -> None:
    """Its processor by the headers, who signed it by the table at its end."""
    found = read(SIGNED, piece)
    assert str(efi_application(found)) == "for X86_64, signed by edge signer"
    assert (found.sha256, len(found)) == (hashlib.sha256(SIGNED).hexdigest(), len(SIGNED))


def test_what_is_kept_has_a_limit() -> None:
    """However large the file is, and whatever its headers say."""
    found = read(image(certificate=(9_000, 10_000_000)).ljust(1_000_000, b"x"), 1468)
    assert (len(found.beginning), len(found.certificates)) == (BEGINNING, 64 * 1024)


def test_equal_beginnings_are_kept_once() -> None:
    """A thousand machines fetch one file."""
    assert read(SIGNED, 512).beginning is read(SIGNED, 1468).beginning
