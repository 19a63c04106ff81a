"""Keys that are made for one run, and what they sign."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from edgeboot.base.errors import UsageError
from edgeboot.host.command import find_program, run

_PROGRAM: Final = "sbsign"
_VALID: Final = timedelta(days=30)
_BITS: Final = 2048
"""UEFI 2.10 section 32.2.4: what firmware has to know is RSA with 2048 bits and SHA-256."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key with its own certificate, both PEM; good for a lab, and for nothing that lasts."""

    name: str
    """The certificate's common name, by which a failure names who signed."""
    certificate: bytes = field(repr=False)
    private_key: bytes = field(repr=False)

    @classmethod
    def new(cls, name: str) -> Self:
        """A key that nobody has seen before.

        Args:
            name: 1 to 64 characters.
        """
        key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
        certificate = _certificate(key, name).public_bytes(Encoding.PEM)
        return cls(name, certificate, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))

    def sign(self, application: bytes) -> bytes:
        """The EFI application with a signature of this key.

        Args:
            application: one that may have signatures already, which it keeps.

        Raises:
            UsageError: sbsign is not installed.
            ChildProcessError: sbsign refuses the file; the text is its last line.
        """
        program = find_program(_PROGRAM)
        if program is None:
            problem = f"the program {_PROGRAM} is not installed"
            raise UsageError("Secure Boot", problem, "run tools/system-packages machines")
        # In memory: the key is in no file that a killed run would leave.
        with ExitStack() as files:
            key, certificate, unsigned, signed = (
                files.enter_context(_in_memory(content))
                for content in (self.private_key, self.certificate, application, b"")
            )
            run(program, f"--key={key}", f"--cert={certificate}", f"--output={signed}", str(unsigned))
            return signed.read_bytes()


@contextmanager
def _in_memory(content: bytes) -> Iterator[Path]:
    """A file in memory, by a path that this process and those that it starts can open."""
    with os.fdopen(os.memfd_create("edgeboot-signing"), "wb") as file:
        file.write(content)
        file.flush()
        yield Path(f"/proc/{os.getpid()}/fd/{file.fileno()}")


def _certificate(key: rsa.RSAPrivateKey, name: str) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    # A machine's clock may be wrong: it has been valid for a while.
    start = datetime.now(UTC) - _VALID
    return (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + 2 * _VALID)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
