"""What is wrong with a file that came whole: its type, its processor, its signature, or what it led to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from edgeboot.dhcp.vocabulary import Architecture
from edgeboot.node.boot.pe_image import Machine, NotAnEfiApplication, efi_application
from edgeboot.report.findings import Sender
from edgeboot.report.machine_boot.diagnoses.attempt import Attempt
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis
from edgeboot.report.machine_boot.diagnoses.evidence import shown_by_download
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.download import Download
from edgeboot.report.machine_boot.http_download import HttpDownload
from edgeboot.report.machine_boot.rounds import Round

_MACHINES: Final = {
    Architecture.EFI_IA32: Machine.IA32,
    Architecture.EFI_X86_64: Machine.X86_64,
    Architecture.EFI_ARM64: Machine.AARCH64,
    Architecture.EFI_IA32_HTTP: Machine.IA32,
    Architecture.EFI_X86_64_HTTP: Machine.X86_64,
    Architecture.EFI_ARM64_HTTP: Machine.AARCH64,
}
"""The programs that a machine runs, by its option 93."""
_HTTP_BOOT: Final = frozenset(
    {Architecture.EFI_IA32_HTTP, Architecture.EFI_X86_64_HTTP, Architecture.EFI_ARM64_HTTP}
)
_BOOT_TYPES: Final = ("application/efi", "application/vnd.efi-iso", "application/vnd.efi-img")
_BOOT_NAMES: Final = (".efi", ".iso", ".img")
"""By which EDK2 knows a boot file (NetworkPkg/HttpBootDxe, HttpBootCheckImageType)."""


def about_the_file(attempt: Attempt) -> Iterator[Diagnosis]:
    """What is wrong with the last file that came whole, by its headers."""
    architecture = attempt.round.architecture
    for fetched in attempt.round.fetched[-1:]:
        told = f"{fetched.told}, SHA-256 {fetched.sha256}"
        if wrong_kind(attempt.round, fetched):
            needed = "a content type or a name by which it knows a boot file"
            said = f"{told}{wrong_kind(attempt.round, fetched)}"
            yield _diagnosis(attempt, fetched, Kind.HTTP_TYPE, said, needed, "no boot file")
            continue
        if fetched.content.lacking:
            continue  # Its headers may be among what was not captured.
        if architecture == Architecture.BIOS and not attempt.round.is_ipxe and _is_efi(fetched):
            said = f"{told}: an EFI application, and this machine asks as a BIOS (option 93 is 0)"
            needed = "a boot file for BIOS, or UEFI in the machine's settings"
            yield _diagnosis(attempt, fetched, Kind.WRONG_PROCESSOR, said, needed, "EFI application")
        if architecture not in _MACHINES:
            continue
        wanted = _MACHINES[Architecture(architecture)]
        needed = f"an EFI application for {wanted.name}"
        try:
            found = efi_application(fetched.content)
        except NotAnEfiApplication as error:
            if fetched.content.lacking:
                continue  # The capture has not the headers: nothing is known of them.
            said = f"{told}: {error}"
            yield _diagnosis(attempt, fetched, Kind.NOT_A_PROGRAM, said, needed, "no EFI application")
            continue
        if found.machine is not wanted:
            is_for = f"an EFI application for {found.machine.name}, and this machine's processor is"
            said = f"{told}: {is_for} {wanted.name}"
            yield _diagnosis(attempt, fetched, Kind.WRONG_PROCESSOR, said, needed, found.machine.name)


def about_a_signature(attempt: Attempt, faults: Sequence[Diagnosis]) -> Iterator[Diagnosis]:
    """What a machine with Secure Boot has refused: a whole file, or one whose signature cannot hold."""
    for fault in faults:
        yield replace(fault, sentence=f"{fault.sentence}: no signature holds then")
    for fetched in attempt.round.fetched[-1:] if not faults else ():
        signature = _signature(fetched)
        told = f"{fetched.told}, SHA-256 {fetched.sha256}, {signature}, and refused for that"
        said, needed = f"{told}: no fault of the network", "a signature by a key that the machine trusts"
        yield replace(
            _diagnosis(attempt, fetched, Kind.SIGNATURE, said, needed, signature),
            field="signature",
            sender=None,
        )


def about_what_it_led_to(attempt: Attempt) -> Iterator[Diagnosis]:
    """That firmware went on to its next boot option behind a file that came whole."""
    for fetched in attempt.round.fetched[-1:] if attempt.went_on else ():
        signature = _signature(fetched)
        told = f"{fetched.told}, SHA-256 {fetched.sha256}, {signature}; then the firmware went on to its next"
        said = f"{told} boot option: it refused the file (Secure Boot does so), or the program ended"
        needed = "a program that this machine trusts, and that does not end"
        shown = _diagnosis(attempt, fetched, Kind.GAVE_BACK, said, needed, signature)
        yield replace(shown, certainty=Certainty.LIKELY)


def wrong_kind(by: Round, each: Download) -> str:
    """That EDK2 takes an answer for no boot file, where neither its type nor its name says so."""
    if not isinstance(each, HttpDownload) or by.is_ipxe or by.architecture not in _HTTP_BOOT:
        return ""
    if each.content_type.partition(";")[0] in _BOOT_TYPES or each.path.lower().endswith(_BOOT_NAMES):
        return ""
    return f": EDK2 takes {_BOOT_TYPES[0]}, or names that end in {_BOOT_NAMES[0]}, for boot files"


def _is_efi(fetched: Download) -> bool:
    try:
        efi_application(fetched.content)
    except NotAnEfiApplication:
        return False
    return True


def _signature(fetched: Download) -> str:
    if fetched.content.lacking:
        return "whose headers are not known"
    try:
        return efi_application(fetched.content).signature
    except NotAnEfiApplication:
        return "no EFI application" if not fetched.content.lacking else "not captured whole"


def _diagnosis(
    attempt: Attempt, fetched: Download, kind: Kind, told: str, needed: str, received: object
) -> Diagnosis:
    sender = None if fetched.server_mac is None else Sender(fetched.server, fetched.server_mac)
    shown = shown_by_download(attempt.traffic, fetched)
    return Diagnosis(kind, told, needed, Certainty.CERTAIN, shown, "boot_file", received, sender)
