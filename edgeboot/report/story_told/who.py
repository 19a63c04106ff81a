"""A client in words: what runs there, and in one line how far it came."""

from __future__ import annotations

from typing import Final

from edgeboot.dhcp.vocabulary import Architecture, MessageType
from edgeboot.report.capture_clients.end import End, end_of
from edgeboot.report.capture_clients.story import ClientStory, Identity
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty
from edgeboot.report.machine_boot.traffic import PassedMessage

_ARCHITECTURES: Final[dict[int, str]] = {
    Architecture.BIOS: "BIOS",
    Architecture.EFI_IA32: "UEFI IA-32",
    Architecture.EFI_X86_64: "UEFI x86-64",
    Architecture.EFI_BC: "UEFI x86-64 (9)",
    Architecture.EFI_ARM64: "UEFI ARM64",
    Architecture.EFI_IA32_HTTP: "UEFI IA-32",
    Architecture.EFI_X86_64_HTTP: "UEFI x86-64",
    Architecture.EFI_ARM64_HTTP: "UEFI ARM64",
    Architecture.U_BOOT_ARM64: "ARM64",
    Architecture.U_BOOT_ARM64_HTTP: "ARM64",
}
"""Option 93 in words; whether it is for HTTP Boot, the software says."""


def who(identity: Identity) -> str:
    """What runs there, for which processor, and by what that is known."""
    by = f", by {', '.join(identity.by)}" if identity.by else ""
    return f"{what_runs(identity)}{by}"


def what_runs(identity: Identity) -> str:
    """What runs there, and for which processor."""
    if identity.architecture is None:
        return identity.software.value
    architecture = _ARCHITECTURES.get(identity.architecture, f"architecture {identity.architecture:#06x}")
    return f"{identity.software.value}, {architecture}"


def software(story: ClientStory) -> str:
    """Everything that ran there, one after the other."""
    return ", then ".join(dict.fromkeys(map(what_runs, story.identities))) or "an unknown client"


def ended(story: ClientStory) -> str:
    """How it ended, and why in a few words."""
    match end := end_of(story):
        case End.BOOTED:
            return f"booted{_last(story)}"
        case End.STOPPED | End.NOT_YET:
            return f"{end.value}, {stopped(story)}: {because(story)}"
        case End.UNKNOWN:
            why = story.blind[-1] if story.blind else "the capture does not hold what would show it"
            return f"not known whether it booted, {stopped(story)}: {why}"


def stopped(story: ClientStory) -> str:
    """How far it came."""
    return "nothing seen of its boot" if story.reached is None else f"came as far as {story.reached.title}"


def because(story: ClientStory) -> str:
    """The likeliest reason in one sentence."""
    if not story.diagnoses:
        return "the capture does not show why"
    first = story.diagnoses[0]
    return f"{first.sentence}{' (likely)' if first.certainty is Certainty.LIKELY else ''}"


def _last(story: ClientStory) -> str:
    """What it has fetched, or which address it was given."""
    files = [each.url for one in story.rounds for each in one.fetched]
    if files:
        return f" {files[-1]}"
    acks = story.traffic.received(MessageType.DHCPACK)
    return f", {given(acks[-1])}" if acks else ""


def given(ack: PassedMessage) -> str:
    """Which address a client was given, and by whom."""
    return f"DHCPACK of {ack.message.yiaddr} from {ack.datagram.sender}"
