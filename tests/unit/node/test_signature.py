"""Who signed a boot file: real signatures, and tables that hold none that can be read."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from hypothesis import given
from hypothesis import strategies as st

from edgeboot.node.boot.pe_image import efi_application
from edgeboot.node.boot.signature import signers_of
from tests.unit.node.test_pe_image import image

_COMMON_NAME: Final = x509.NameOID.COMMON_NAME


def certificate(name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    """A certificate of this key, valid now."""
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(issuer, name, key.public_key(), x509.random_serial_number())
    lasting = builder.not_valid_before(now).not_valid_after(now + timedelta(days=1))
    return lasting.sign(key, hashes.SHA256())


def signature(name: x509.Name, *others: x509.Name) -> bytes:
    """An entry of a certificate table: who signed, who issued its certificate, and so on."""
    key = ec.generate_private_key(ec.SECP256R1())
    names = (name, *others)
    chain = [certificate(each, issuer, key) for each, issuer in zip(names, (*others, names[-1]), strict=True)]
    builder = PKCS7SignatureBuilder().set_data(b"digest").add_signer(chain[0], key, hashes.SHA256())
    for each in reversed(chain[1:]):
        builder = builder.add_certificate(each)
    signed = builder.sign(Encoding.DER, [PKCS7Options.Binary])
    entry = struct.pack("<IHH", 8 + len(signed), 0x200, 2) + signed
    return entry + bytes(-len(entry) % 8)


def named(common: str) -> x509.Name:
    """A name with a common name alone."""
    return x509.Name([x509.NameAttribute(_COMMON_NAME, common)])


def test_signer_is_named_and_not_who_issued_its_certificate() -> None:
    """Whoever reads it looks for that certificate in the firmware's variables."""
    assert signers_of(signature(named("edge signer"), named("middle"), named("root"))) == ("edge signer",)


def test_each_signature_has_its_signer() -> None:
    """A file may be signed for several kinds of machines."""
    assert signers_of(signature(named("a")) + signature(named("b"))) == ("a", "b")


def test_name_without_a_common_name_is_given_whole() -> None:
    """A certificate needs none."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Edge")])
    assert signers_of(signature(name)) == ("O=Edge",)


def test_name_cannot_move_the_cursor() -> None:
    """It comes from a file that anybody may have made."""
    assert signers_of(signature(named("a\x1b[2Jb"))) == ("a\N{REPLACEMENT CHARACTER}[2Jb",)


@pytest.mark.parametrize(
    "table", [b"", b"\0" * 8, struct.pack("<IHH", 16, 0x200, 2) + b"no PKCS7", signature(named("a"))[:-200]]
)
def test_signature_that_cannot_be_read_has_no_signer(table: bytes) -> None:
    """The file counts as signed all the same: firmware decides."""
    assert signers_of(table) == ()


@given(st.binary(max_size=64))
def test_table_of_any_octets_is_read(table: bytes) -> None:
    """It ends, and raises nothing."""
    assert isinstance(signers_of(table), tuple)


def test_application_says_who_signed_it() -> None:
    """As failures name it."""
    table = signature(named("edge signer"))
    signed = image(certificate=(0x200, len(table))) + table
    assert str(efi_application(signed)) == "for X86_64, signed by edge signer"
    assert str(efi_application(image())) == "for X86_64, unsigned"
    unreadable = image(certificate=(0x1F0, 0x10))
    assert str(efi_application(unreadable)) == "for X86_64, signed by nobody that can be read"
