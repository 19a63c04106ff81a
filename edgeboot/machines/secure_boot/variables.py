"""EDK2's variables with Secure Boot on: whose signatures the firmware accepts, and what is revoked.

Written by virt-firmware into a copy of the variables that come with the firmware. PK and KEK, which say who
may change the others, have a key that signs no file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from edgeboot.base.errors import UsageError
from edgeboot.machines.secure_boot.signing_key import SigningKey

if TYPE_CHECKING:
    from virt.firmware.efi.efivar import EfiVarList

_OWNER: Final = "2fc2b9a5-7a0c-4d55-9a0f-6b1c3e5d8f41"
"""SignatureOwner of every entry (UEFI 2.10 section 32.4.1): any GUID does."""


@dataclass(frozen=True, slots=True)
class Trust:
    """What firmware with Secure Boot accepts."""

    owner: SigningKey
    """PK and KEK."""
    trusted: tuple[SigningKey, ...]
    """db: what they signed starts."""
    revoked_signers: tuple[SigningKey, ...] = ()
    """dbx: nothing that they signed starts, whoever else signed it."""
    revoked_files: tuple[bytes, ...] = ()
    """dbx: files that do not start, whoever signed them."""


def secure_boot_variables(template: Path, trust: Trust) -> bytes:
    """A file of variables with Secure Boot on.

    Args:
        template: the firmware's variables as they leave the factory.
        trust: what it shall accept.

    Raises:
        UsageError: virt-firmware is not installed, or the template is no file of variables.
    """
    try:
        from virt.firmware.varstore.edk2 import Edk2VarStore  # noqa: PLC0415 - of the extra
    except ModuleNotFoundError as error:
        hint = "install the extra edgeboot[machines], or make machines"
        raise UsageError("Secure Boot", "the Python package virt-firmware is not installed", hint) from error
    if not Edk2VarStore.probe(template):
        raise UsageError("Secure Boot", f"{template} is no file of EDK2's variables", "run tools/firmware")
    store = Edk2VarStore(template)
    variables = store.get_varlist()
    _enroll(variables, trust)
    return bytes(store.bytes_varstore(variables))


def _enroll(variables: EfiVarList, trust: Trust) -> None:
    from virt.firmware.efi import guids  # noqa: PLC0415

    databases = {
        "PK": (trust.owner,),
        "KEK": (trust.owner,),
        "db": trust.trusted,
        "dbx": trust.revoked_signers,
    }
    for name, keys in databases.items():
        for key in keys:
            database = variables.add_cert_prepare(name)
            database.sigdb_add_cert_data(guids.parse_str(_OWNER), key.certificate)
    for content in trust.revoked_files:
        variables.add_hash("dbx", _OWNER, _digest(content).hex())
    variables.enable_secureboot()


def _digest(application: bytes) -> bytes:
    """What a signature of the application signs: SHA-256 of all but the signatures' own fields."""
    from pefile import PE  # noqa: PLC0415
    from virt.peutils.pesign import pe_authenticode_hash  # noqa: PLC0415

    return bytes(pe_authenticode_hash(PE(data=application)))
