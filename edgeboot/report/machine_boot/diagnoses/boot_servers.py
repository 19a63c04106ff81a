"""Why no boot server, on port 4011 or asked by broadcast, led a client to a file (PXE 2.1 section 2.2)."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address

from edgeboot.base.counted import counted
from edgeboot.dhcp.clients import PXE_CLASS
from edgeboot.dhcp.firmware import Boot, NoBoot
from edgeboot.dhcp.firmware.answers import has_vendor_class
from edgeboot.dhcp.firmware.vendor import PxeOptions
from edgeboot.dhcp.message import LIMITED_BROADCAST
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT
from edgeboot.report.findings import Sender
from edgeboot.report.machine_boot.diagnoses.attempt import Attempt
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis
from edgeboot.report.machine_boot.diagnoses.evidence import shown_by, times
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.diagnoses.reach import why_unreached
from edgeboot.report.machine_boot.traffic import MachineTraffic, PassedMessage


def about_boot_servers(attempt: Attempt) -> Iterator[Diagnosis]:
    """What became of its boot requests; nothing of those that led to a request for a file.

    Nothing, either, of a silent one where the client boots by what another has answered.
    """
    traffic, outcome = attempt.traffic, attempt.outcome
    boots = isinstance(outcome, Boot) and any(attempt.boot_exchanges.values())
    for server in dict.fromkeys(each.datagram.destination for each in traffic.boot_requests):
        asked = [each for each in traffic.boot_requests if each.datagram.destination == server]
        answers = _answers(traffic, server, asked)
        again = any(_asks_again(each, answer) for each in asked for answer in answers)
        silent = not isinstance(outcome, NoBoot) and not attempt.lives_on  # It may have been switched off.
        over = bool(answers) and attempt.is_over(answers[-1].at) and not silent
        if answers and not traffic.downloads and (again or over):
            yield _led_nowhere(attempt, asked, answers[-1])
        if not answers and not boots and _is_unanswered(attempt, asked, server):
            yield _silent(attempt, server, asked)


def _answers(
    traffic: MachineTraffic, server: IPv4Address, asked: list[PassedMessage]
) -> tuple[PassedMessage, ...]:
    """Those of boot servers; whoever is asked with others answers from an address of its own."""
    if not _is_group(server):
        return tuple(each for each in traffic.boot_answers if each.datagram.source == server)
    xids = {each.message.xid for each in asked}
    replies = (each for each in traffic.boot_replies if each.message.xid in xids)
    return tuple(each for each in replies if has_vendor_class(PXE_CLASS, each.message))


def _is_group(server: IPv4Address) -> bool:
    return server == LIMITED_BROADCAST or server.is_multicast


def _asks_again(asked: PassedMessage, answer: PassedMessage) -> bool:
    return asked.message.xid == answer.message.xid and asked.at > answer.at


def _is_unanswered(attempt: Attempt, asked: list[PassedMessage], server: IPv4Address) -> bool:
    refused = attempt.traffic.refused_port(server, BOOT_SERVER_PORT)
    return refused or len(asked) > 1 or attempt.is_over(asked[0].at)


def _silent(attempt: Attempt, server: IPv4Address, asked: list[PassedMessage]) -> Diagnosis:
    refused = attempt.traffic.refused_port(server, BOOT_SERVER_PORT)
    how_often, when = counted(len(asked), "time"), f"at {times(asked, attempt.round.began)} s"
    if _is_group(server):
        item = PxeOptions.of(asked[0].message).item
        how = "broadcast" if server == LIMITED_BROADCAST else f"multicast to {server}"
        of = "" if item is None else f", for type {item} of the boot menu"
        told = f"any boot server was asked by {how} {how_often}{of}, and none answered ({when})"
        told += _no_boot_servers(attempt.traffic, asked)
        needed = f"a boot server of type {item}, or a menu in option 43 with the addresses of its servers"
    else:
        why = why_unreached(attempt.traffic, server, BOOT_SERVER_PORT)
        told = f"port 4011 of {server} was asked {how_often}, and did not answer ({when}){why}"
        told += _sent_by(attempt, server)
        needed = f"an answer from port 4011 of {server}, or offers without option 60 PXEClient"
    return Diagnosis(
        Kind.BOOT_SERVER_CLOSED if refused else Kind.BOOT_SERVER_SILENT,
        told,
        needed,
        Certainty.CERTAIN,
        shown_by(*asked),
        "boot_server",
    )


def _no_boot_servers(traffic: MachineTraffic, asked: list[PassedMessage]) -> str:
    """Who has answered all the same, and is none."""
    xids = {each.message.xid for each in asked}
    others = dict.fromkeys(each.datagram.sender for each in traffic.boot_replies if each.message.xid in xids)
    return "".join(f"; {each} did, without the option 60 PXEClient of a boot server" for each in others)


def _sent_by(attempt: Attempt, server: IPv4Address) -> str:
    """Which offer has sent it there."""
    of_it = [
        each for each in attempt.offers if each.message.siaddr == server or each.datagram.source == server
    ]
    if not of_it:
        return ""
    return (
        f"; the {of_it[0].message.name} of {of_it[0].datagram.sender} sends it there by option 60 PXEClient"
    )


def _led_nowhere(attempt: Attempt, asked: list[PassedMessage], answer: PassedMessage) -> Diagnosis:
    outcome = attempt.outcome
    told = f"{answer.datagram.sender} answered from port 4011, and no file was asked for then"
    return Diagnosis(
        Kind.BOOT_SERVER_ANSWER,
        f"{told}: {outcome.reason}" if isinstance(outcome, NoBoot) else told,
        "an answer with a boot file, from a boot server that the menu allows",
        Certainty.CERTAIN if isinstance(outcome, NoBoot) else Certainty.LIKELY,
        shown_by(*asked[-1:], answer),
        "options",
        "answer",
        Sender.of(answer),
    )
