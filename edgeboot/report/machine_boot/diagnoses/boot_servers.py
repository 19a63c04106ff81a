"""Why no boot server on port 4011 led a client to a file (PXE 2.1 section 2.2)."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address

from edgeboot.dhcp.firmware import Boot, NoBoot
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT
from edgeboot.report.findings import Sender
from edgeboot.report.machine_boot.diagnoses.attempt import Attempt
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis
from edgeboot.report.machine_boot.diagnoses.evidence import shown_by, times
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.diagnoses.reach import why_unreached
from edgeboot.report.machine_boot.traffic import PassedMessage


def about_boot_servers(attempt: Attempt) -> Iterator[Diagnosis]:
    """What became of its requests to port 4011; nothing of those that led to a request for a file."""
    traffic = attempt.traffic
    for server in dict.fromkeys(each.datagram.destination for each in traffic.boot_requests):
        asked = [each for each in traffic.boot_requests if each.datagram.destination == server]
        answers = [each for each in traffic.boot_answers if each.datagram.source == server]
        again = any(_asks_again(each, answer) for each in asked for answer in answers)
        silent = isinstance(attempt.outcome, Boot) and not attempt.lives_on  # It may have been switched off.
        over = bool(answers) and attempt.is_over(answers[-1].at) and not silent
        if answers and not traffic.downloads and (again or over):
            yield _led_nowhere(attempt, asked, answers[-1])
        if not answers and _is_unanswered(attempt, asked, server):
            yield _silent(attempt, server, asked)


def _asks_again(asked: PassedMessage, answer: PassedMessage) -> bool:
    return asked.message.xid == answer.message.xid and asked.at > answer.at


def _is_unanswered(attempt: Attempt, asked: list[PassedMessage], server: IPv4Address) -> bool:
    refused = attempt.traffic.refused_port(server, BOOT_SERVER_PORT)
    return refused or len(asked) > 1 or attempt.is_over(asked[0].at)


def _silent(attempt: Attempt, server: IPv4Address, asked: list[PassedMessage]) -> Diagnosis:
    why = why_unreached(attempt.traffic, server, BOOT_SERVER_PORT)
    refused = attempt.traffic.refused_port(server, BOOT_SERVER_PORT)
    when = f"{len(asked)} times, and did not answer (at {times(asked, attempt.round.began)} s)"
    asks = f"port 4011 of {server} was asked {when}{why}"
    return Diagnosis(
        Kind.BOOT_SERVER_CLOSED if refused else Kind.BOOT_SERVER_SILENT,
        f"{asks}{_sent_by(attempt, server)}",
        f"an answer from port 4011 of {server}, or offers without option 60 PXEClient",
        Certainty.CERTAIN,
        shown_by(*asked),
        "boot_server",
    )


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
