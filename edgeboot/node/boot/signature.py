"""Who signed an EFI application: the certificates that its signatures bring along.

The certificate table of a PE file has WIN_CERTIFICATE entries (UEFI 2.10 section 32.2.4); those of type
PKCS_SIGNED_DATA are PKCS #7. Nothing is verified here: which certificates are trusted, and which files are
revoked, is in the variables of the machine's firmware.
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs7

_ENTRY: Final = struct.Struct("<IHH")
_PKCS_SIGNED_DATA: Final = 2
_ALIGNMENT: Final = 8


def signers_of(table: bytes) -> tuple[str, ...]:
    """The names of those who signed, a signature after the other; none of one that cannot be read.

    Args:
        table: the certificate table.
    """
    return tuple(_name(each) for signature in _signatures(table) for each in _leaves(signature))


def _signatures(table: bytes) -> Iterator[bytes]:
    offset = 0
    while offset + _ENTRY.size <= len(table):
        length, _, kind = _ENTRY.unpack_from(table, offset)
        if kind == _PKCS_SIGNED_DATA:
            yield table[offset + _ENTRY.size : offset + length]
        offset += max(-(-length // _ALIGNMENT) * _ALIGNMENT, _ENTRY.size)


def _leaves(signature: bytes) -> list[x509.Certificate]:
    """The certificates that no other one of the signature was issued by: the signer's own."""
    with warnings.catch_warnings():
        # What is odd about a certificate is the business of who made it.
        warnings.simplefilter("ignore")
        try:
            all_of_it = pkcs7.load_der_pkcs7_certificates(signature)
        except ValueError:
            return []
    return [
        each
        for each in all_of_it
        if not any(other.issuer == each.subject for other in all_of_it if other is not each)
    ]


def _name(certificate: x509.Certificate) -> str:
    common = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    name = str(common[0].value) if common else certificate.subject.rfc4514_string()
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in name)
