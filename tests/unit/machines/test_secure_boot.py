"""Keys of one run, what they sign, and variables in which Secure Boot is on."""

from __future__ import annotations

import shutil
import struct
import tempfile
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest

pytest.importorskip("virt.firmware", reason="not installed: make machines, or the extra edgeboot[machines]")

from virt.firmware.efi.efivar import EfiVarList
from virt.firmware.varstore.edk2 import Edk2VarStore

from edgeboot.base.errors import UsageError
from edgeboot.machines.secure_boot.signing_key import SigningKey
from edgeboot.machines.secure_boot.variables import Trust, secure_boot_variables
from edgeboot.node.boot.pe_image import efi_application
from tests.unit.node.test_pe_image import image

_VOLUME: Final = UUID("fff12b8d-7696-4c8b-a985-2747075b4f50")
_STORE: Final = UUID("aaf32c78-947b-439a-a180-2e144ec37792")
_SIZE: Final = 0x8000
_HEADERS_SIZE: Final = 0x40 + 24 + 60
"""Offset of SizeOfHeaders, which only what hashes a file reads."""
APPLICATION: Final = image()[:_HEADERS_SIZE] + struct.pack("<I", 0x1F0) + image()[_HEADERS_SIZE + 4 :]
needs_sbsign = pytest.mark.skipif(shutil.which("sbsign") is None, reason="sbsign is not on PATH")


@pytest.fixture(scope="module")
def owner() -> SigningKey:
    """Of the platform."""
    return SigningKey.new("owner")


@pytest.fixture(scope="module")
def signer() -> SigningKey:
    """Of boot files."""
    return SigningKey.new("edge signer")


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """EDK2's variables as they leave the factory: none (its firmware volume's and store's headers)."""
    volume = struct.pack("<16x16sQ4sLHHHxBLL8x", _VOLUME.bytes_le, _SIZE, b"_FVH", 0x4FEFF, 72, 0, 0, 2, 1, 1)
    store = struct.pack("<16sLBB6x", _STORE.bytes_le, _SIZE - len(volume), 0x5A, 0xFE)
    path = tmp_path / "template.fd"
    path.write_bytes((volume + store).ljust(_SIZE, b"\xff"))
    return path


def written(template: Path, trust: Trust) -> EfiVarList:
    """The variables of the file that is made of the template."""
    made = secure_boot_variables(template, trust)
    path = template.with_name("made.fd")
    path.write_bytes(made)
    assert len(made) == template.stat().st_size
    return Edk2VarStore(path).get_varlist()


def subjects(variables: EfiVarList, database: str) -> list[str]:
    """Whose certificates a database has."""
    return [each.x509.subject.rfc4514_string() for each in variables[database].sigdb]


@needs_sbsign
def test_signed_file_names_its_key(signer: SigningKey) -> None:
    """As a failure will tell who signed what was refused."""
    assert efi_application(signer.sign(APPLICATION)).signers == ("edge signer",)


@needs_sbsign
def test_key_is_in_no_file(signer: SigningKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that is killed while it signs leaves no key behind: no directory can be made here."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    assert efi_application(signer.sign(APPLICATION)).signers == ("edge signer",)


@needs_sbsign
def test_what_cannot_be_signed_says_why(signer: SigningKey) -> None:
    """By the words of sbsign."""
    with pytest.raises(ChildProcessError):
        signer.sign(b"no application")


def test_sbsign_that_is_not_installed_names_the_tool(
    signer: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line, with what to run."""
    monkeypatch.setattr("edgeboot.machines.secure_boot.signing_key.find_program", lambda _: None)
    with pytest.raises(UsageError, match=r"sbsign is not installed; run tools/system-packages machines"):
        signer.sign(b"")


def test_private_key_is_in_no_message(signer: SigningKey) -> None:
    """A key of one run is none the less a key."""
    assert "PRIVATE" not in repr(signer)


def test_keys_are_enrolled_and_secure_boot_is_on(
    template: Path, owner: SigningKey, signer: SigningKey
) -> None:
    """PK and KEK of the owner, db of the signer; dbx has an entry, since firmware wants one."""
    variables = written(template, Trust(owner, trusted=(signer,)))
    certificates = {name: subjects(variables, name) for name in ("PK", "KEK", "db")}
    assert certificates == {"PK": ["CN=owner"], "KEK": ["CN=owner"], "db": ["CN=edge signer"]}
    assert (variables["SecureBootEnable"].data, bool(variables["dbx"].data)) == (b"\1", True)


@needs_sbsign
def test_revoked_file_is_known_by_the_digest_that_was_signed(
    template: Path, owner: SigningKey, signer: SigningKey
) -> None:
    """The digest is in the signature of the file, and in dbx."""
    signed = signer.sign(APPLICATION)
    revoked = written(template, Trust(owner, (signer,), revoked_files=(signed,)))["dbx"].data[-32:]
    assert revoked in signed


def test_revoked_signer_is_in_dbx(template: Path, owner: SigningKey, signer: SigningKey) -> None:
    """Whatever db says of it."""
    variables = written(template, Trust(owner, (signer,), revoked_signers=(signer,)))
    assert subjects(variables, "dbx") == ["CN=edge signer"]


def test_template_that_is_none_is_refused(tmp_path: Path, owner: SigningKey) -> None:
    """One line, not the library's exit."""
    path = tmp_path / "nothing.fd"
    path.write_bytes(b"\0" * 4096)
    with pytest.raises(UsageError, match=r"nothing\.fd is no file of EDK2's variables; run tools/firmware"):
        secure_boot_variables(path, Trust(owner, ()))
