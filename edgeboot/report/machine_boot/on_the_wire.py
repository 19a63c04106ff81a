"""What the wire shows of a round that did not lead to a started file, each as one sentence with its field.

Each function answers one question about a round of a machine, and says nothing where the capture does not
show the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.vocabulary import Architecture, MessageType, OptionCode
from edgeboot.node.boot import tftp_packets as tftp
from edgeboot.node.boot.pe_image import Machine, NotAnEfiApplication, efi_application
from edgeboot.report.findings import Sender
from edgeboot.report.machine_boot.download import Download, Ending
from edgeboot.report.machine_boot.http_download import HttpDownload
from edgeboot.report.machine_boot.rounds import Round
from edgeboot.report.machine_boot.tftp_download import TftpDownload
from edgeboot.report.machine_boot.traffic import MachineTraffic, PassedMessage, offers_in

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


@dataclass(frozen=True, slots=True)
class WireFact:
    """One thing that the capture shows, and the field of the contract or of a check that it is about."""

    field: str
    received: object
    """What was on the wire, in the form of that field; None for nothing."""
    sentence: str
    sender: Sender | None = None


def about_offers(each: Round) -> Iterator[WireFact]:
    """Why no offer was taken."""
    offers = offers_in(each.traffic.messages)
    discovers = each.traffic.sent(MessageType.DHCPDISCOVER)
    if not offers:
        times = ", ".join(f"{passed.at - each.began:.1f}" for passed in discovers)
        how_often = f"{len(discovers)} DHCPDISCOVERs (at {times} s)"
        yield WireFact("answer", None, f"no DHCPOFFER came to {each.traffic.place} after {how_often}")
        return
    alike: dict[tuple[str, str, str], list[PassedMessage]] = {}
    for offer in offers:
        key = (offer.datagram.sender, str(offer.message.yiaddr), _lacks(offer)[1])
        alike.setdefault(key, []).append(offer)
    for (sender, address, lack), same in alike.items():
        times = ", ".join(f"{_delay(offer, discovers):.1f}" for offer in same)
        name = same[0].message.name if len(same) == 1 else f"{len(same)} {same[0].message.name}s"
        told = f"{name} of {address} from {sender}, {times} s after a DHCPDISCOVER, not taken"
        field, received = _lacks(same[0])[0], None if lack else same[0].message.name
        yield WireFact(field, received, f"{told}{lack}", _sender(same[0]))


def _delay(offer: PassedMessage, discovers: Sequence[PassedMessage]) -> float:
    """Seconds from the DHCPDISCOVER before it."""
    before = [passed.at for passed in discovers if passed.at <= offer.at]
    return offer.at - before[-1] if before else 0.0


def _lacks(offer: PassedMessage) -> tuple[str, str]:
    """The field that an offer lacks, and that in words; nothing in words where it has what is looked for."""
    options = offer.message.options
    if OptionCode.SERVER_IDENTIFIER not in options:
        return "server_identifier", ": it has no server identifier (option 54)"
    if not offer.message.file.rstrip(b"\0") and OptionCode.BOOTFILE_NAME not in options:
        return "bootfile", ": it names no boot file"
    return "answer", ""


def _sender(passed: PassedMessage) -> Sender:
    return Sender(passed.datagram.source, passed.datagram.source_mac)


def about_the_lease(traffic: MachineTraffic) -> Iterator[WireFact]:
    """What became of a DHCPREQUEST that led to no lease."""
    for nak in traffic.received(MessageType.DHCPNAK):
        words = (nak.message.options.get(OptionCode.MESSAGE) or b"").decode("utf-8", "backslashreplace")
        told = f"{nak.datagram.sender} refused its DHCPREQUEST by DHCPNAK {words!r}"
        yield WireFact("answer", "DHCPNAK", told, _sender(nak))
    requests = traffic.sent(MessageType.DHCPREQUEST)
    if requests and not traffic.received(MessageType.DHCPACK) and not traffic.received(MessageType.DHCPNAK):
        chosen = requests[-1].server_identifier or "the server"
        told = f"{len(requests)} DHCPREQUESTs to {chosen} had no answer"
        yield WireFact("answer", None, told)


def about_a_decline(traffic: MachineTraffic) -> Iterator[WireFact]:
    """Why the machine gave an address back that it had just been given."""
    for decline in traffic.sent(MessageType.DHCPDECLINE):
        acks = [each for each in traffic.received(MessageType.DHCPACK) if each.at <= decline.at]
        if not acks:
            continue
        ack = acks[-1]
        sender = _sender(ack)
        told = f"it declined {ack.message.yiaddr} {(decline.at - ack.at) * 1000:.0f} ms after the DHCPACK"
        taken = traffic.answered_by_arp.get(ack.message.yiaddr)
        if taken is not None:
            yield WireFact("address", ack.message.yiaddr, f"{told}: {taken} has that address", sender)
        elif OptionCode.SUBNET_MASK not in ack.message.options:
            yield WireFact(
                "netmask", None, f"{told}, which has no subnet mask (option 1): EDK2 takes none", sender
            )
        else:
            yield WireFact("address", ack.message.yiaddr, told, sender)


def about_boot_servers(traffic: MachineTraffic) -> Iterator[WireFact]:
    """What became of its requests to port 4011."""
    for server in dict.fromkeys(each.datagram.destination for each in traffic.boot_requests):
        asked = sum(each.datagram.destination == server for each in traffic.boot_requests)
        answers = [each for each in traffic.boot_answers if each.datagram.source == server]
        if not answers:
            told = f"port 4011 of {server} was asked {asked} times, and did not answer{_why(traffic, server)}"
            yield WireFact("boot_server", None, told)
        elif not traffic.downloads:
            answer = answers[-1]
            told = f"{answer.datagram.sender} answered from port 4011, and no file was asked for then"
            yield WireFact("options", "answer", told, Sender(server, answer.datagram.source_mac))


def about_downloads(traffic: MachineTraffic) -> Iterator[WireFact]:
    """Why no file came whole after the last one that did, the last request first."""
    for each in reversed(traffic.downloads):
        if each.ending is Ending.WHOLE:
            break  # The machine went on after what was refused before: iPXE asks for autoexec.ipxe at first.
        sender = None if each.server_mac is None else Sender(each.server, each.server_mac)
        match each.ending:
            case Ending.SILENT:
                told = f"{each.told}{_why(traffic, each.server)}"
                yield WireFact("next_server", each.server, told, sender)
            case Ending.REFUSED:
                yield WireFact("bootfile", _name(each), f"{each.told} by {sender}", sender)
            case Ending.ELSEWHERE | Ending.NO_FILE:
                yield WireFact("bootfile", _name(each), f"{each.told}, says {sender}", sender)
            case Ending.CUT:
                told = f"{each.told}, from {sender}{_kind(each) if _was_left(each) else ''}"
                yield WireFact("boot_file", len(each.content), told, sender)
            case _:
                continue
    silent = traffic.asked_by_arp - traffic.answered_by_arp.keys() - {traffic.address}
    if not traffic.downloads:
        for address in sorted(silent):
            told = f"nobody on the segment has the address {address}, which it asked for by ARP"
            yield WireFact("next_server", address, told)


def about_the_file(each: Round) -> Iterator[WireFact]:
    """What is wrong with the file that came whole, by its headers."""
    for fetched in each.fetched[-1:]:
        sender = None if fetched.server_mac is None else Sender(fetched.server, fetched.server_mac)
        told = f"{fetched.told}, SHA-256 {fetched.sha256}"
        if each.architecture in _HTTP_BOOT and _kind(fetched):
            yield WireFact("boot_file", "no boot file", f"{told}{_kind(fetched)}", sender)
            continue
        if each.architecture not in _MACHINES:
            continue
        wanted = _MACHINES[Architecture(each.architecture)]
        try:
            found = efi_application(fetched.content)
        except NotAnEfiApplication as error:
            yield WireFact("boot_file", "no EFI application", f"{told}: {error}", sender)
            continue
        if found.machine is not wanted:
            is_for = f"an EFI application for {found.machine.name}, and this machine's processor is"
            yield WireFact("boot_file", found.machine.name, f"{told}: {is_for} {wanted.name}", sender)


def about_a_signature(each: Round, faults: Sequence[WireFact]) -> Iterator[WireFact]:
    """What a machine with Secure Boot has refused: a whole file, or one whose signature cannot hold."""
    for fault in faults:
        yield WireFact(
            fault.field, fault.received, f"{fault.sentence}: no signature holds then", fault.sender
        )
    for fetched in each.fetched[-1:] if not faults else ():
        signature = _signature(fetched.content)
        told = f"{fetched.told}, SHA-256 {fetched.sha256}, {signature}, and refused for that"
        yield WireFact("signature", signature, f"{told}: no fault of the network")


def _signature(content: bytes) -> str:
    try:
        return efi_application(content).signature
    except NotAnEfiApplication:
        return "no EFI application"


def _why(traffic: MachineTraffic, server: IPv4Address) -> str:
    if traffic.refused_port(server, tftp.SERVER_PORT):
        return f": {server} says that nobody listens on port {tftp.SERVER_PORT} (ICMP)"
    if server in traffic.asked_by_arp and server not in traffic.answered_by_arp:
        return f": nobody on the segment has the address {server}"
    return ""


def _was_left(each: Download) -> bool:
    return isinstance(each, HttpDownload) and each.left


def _kind(each: Download) -> str:
    """That EDK2 takes an answer for no boot file, where neither its type nor its name says so."""
    if not isinstance(each, HttpDownload):
        return ""
    if each.content_type.partition(";")[0] in _BOOT_TYPES or each.path.lower().endswith(_BOOT_NAMES):
        return ""
    return f": EDK2 takes {_BOOT_TYPES[0]}, or names that end in {_BOOT_NAMES[0]}, for boot files"


def _name(each: Download) -> str:
    return each.name if isinstance(each, TftpDownload) else each.url
