"""Boot programs for machines with Secure Boot: one that starts, and one for each reason why it may not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

from edgeboot.machines.boot_program import boot_program
from edgeboot.machines.secure_boot.signing_key import SigningKey
from edgeboot.machines.secure_boot.variables import Trust
from edgeboot.node.boot.pe_image import Machine as Processor


@dataclass(frozen=True)
class SecureBootFiles:
    """Programs for x86-64, and the keys that signed them. Each file's label is its name here."""

    owner: SigningKey
    trusted: SigningKey
    """In db."""
    stranger: SigningKey
    """In none of the variables."""
    revoked: SigningKey
    """In db and dbx: once trusted."""

    @classmethod
    def new(cls) -> Self:
        """With keys that nobody has seen before.

        Raises:
            UsageError, LabError: what makes the files is not installed, or the program is not compiled.
        """
        names = ("platform", "trusted", "stranger", "revoked")
        return cls(*(SigningKey.new(f"edgeboot {name}") for name in names))

    @cached_property
    def signed(self) -> bytes:
        """By the trusted key."""
        return self.trusted.sign(boot_program(Processor.X86_64, "signed"))

    @cached_property
    def unsigned(self) -> bytes:
        """By nobody."""
        return boot_program(Processor.X86_64, "unsigned")

    @cached_property
    def signed_by_stranger(self) -> bytes:
        """By a key that the machine does not know."""
        return self.stranger.sign(boot_program(Processor.X86_64, "signed_by_stranger"))

    @cached_property
    def signed_by_revoked(self) -> bytes:
        """By a key that was trusted until its certificate was revoked."""
        return self.revoked.sign(boot_program(Processor.X86_64, "signed_by_revoked"))

    @cached_property
    def revoked_file(self) -> bytes:
        """By the trusted key; the file itself was revoked."""
        return self.trusted.sign(boot_program(Processor.X86_64, "revoked_file"))

    @cached_property
    def changed(self) -> bytes:
        """By the trusted key, and changed in one octet since."""
        return self.trusted.sign(boot_program(Processor.X86_64, "changed")).replace(b"=changed", b"=Changed")

    @cached_property
    def other_processor(self) -> bytes:
        """By the trusted key, for AArch64."""
        return self.trusted.sign(boot_program(Processor.AARCH64, "other_processor"))

    @property
    def cut_short(self) -> bytes:
        """The signed one without its last octets: its signature is not whole."""
        return self.signed[:-512]

    @property
    def trust(self) -> Trust:
        """What a machine for these files accepts."""
        return Trust(
            self.owner,
            trusted=(self.trusted, self.revoked),
            revoked_signers=(self.revoked,),
            revoked_files=(self.revoked_file,),
        )
