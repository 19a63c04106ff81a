"""Why a client that has its address got no boot file: whom it asked, whom it did not reach, its own rules."""

from __future__ import annotations

from collections.abc import Iterator

from edgeboot.dhcp.firmware import Boot, Lack, NoBoot
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.report.findings import Sender
from edgeboot.report.machine_boot.diagnoses.attempt import Attempt
from edgeboot.report.machine_boot.diagnoses.boot_servers import about_boot_servers
from edgeboot.report.machine_boot.diagnoses.by_rule import RULES
from edgeboot.report.machine_boot.diagnoses.connections import about_connections
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis
from edgeboot.report.machine_boot.diagnoses.downloads import about_downloads
from edgeboot.report.machine_boot.diagnoses.evidence import shown_by
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.diagnoses.lease import about_a_decline
from edgeboot.report.machine_boot.diagnoses.names import about_names
from edgeboot.report.machine_boot.diagnoses.reach import about_absent_hosts, about_routes
from edgeboot.report.machine_boot.traffic import PassedMessage


def about_what_followed(attempt: Attempt) -> Iterator[Diagnosis]:
    """Of a client that was given an address; the most direct reason first."""
    traffic = attempt.traffic
    if traffic.goes_on_unseen:
        yield from about_a_decline(attempt)
        return
    # Without an answer from a boot server, iPXE goes on to the file of another offer.
    found = [*about_a_decline(attempt), *about_names(attempt), *about_connections(attempt)]
    if traffic.downloads and not found:
        # What it asks for without being told is no server's file: the rule is the reason.
        found += about_its_rules(attempt)
    found += (*about_downloads(attempt), *about_boot_servers(attempt))
    if not traffic.downloads:
        found += about_absent_hosts(attempt)
    if not found:
        found += about_routes(attempt)
    # What it asks by HTTPS nobody sees but that server.
    asked = traffic.downloads or traffic.boot_requests or traffic.dialled
    if not found and not asked:
        found += about_its_rules(attempt) or _nothing_asked(attempt)
    yield from found


def about_its_rules(attempt: Attempt) -> tuple[Diagnosis, ...]:
    """That by its own rules nothing follows from what it was sent; nothing where that is not known."""
    outcome = attempt.outcome
    if isinstance(outcome, Boot) and not attempt.traffic.downloads:
        return _of_the_server_taken(attempt)
    if not isinstance(outcome, NoBoot) or not attempt.offers:
        return ()
    acks = attempt.traffic.received(MessageType.DHCPACK)
    is_over = attempt.is_over(acks[-1].at) if acks else True
    traffic = attempt.traffic
    lives_on = attempt.lives_on or traffic.boot_requests or traffic.asked_by_arp - {traffic.address}
    if outcome.lacks is Lack.BOOT_SERVER_ANSWER and not (is_over and lives_on):
        return ()
    taken, rule = acks[-1] if acks else attempt.offers[0], RULES[outcome.lacks]
    certainty = Certainty.CERTAIN if is_over else Certainty.LIKELY
    asked = attempt.traffic.downloads
    what = f"asked for {asked[0].url}" if asked else "asked for no file"
    told = f"it took the offer of {taken.datagram.sender}, and {what}: {outcome.reason}"
    better = _better(attempt, taken)
    if better is not None:
        return (_other_taken(told, taken, *better, rule.field, certainty),)
    shown = shown_by(*attempt.offers, *acks[-1:])
    return (Diagnosis(rule.kind, told, rule.needed, certainty, shown, rule.field, None, Sender.of(taken)),)


def _of_the_server_taken(attempt: Attempt) -> tuple[Diagnosis, ...]:
    """That the offer which it took leads nowhere, and another server's to a file that it does not ask for."""
    acks = attempt.traffic.received(MessageType.DHCPACK)
    if attempt.takes is None or not acks or not attempt.is_over(acks[-1].at):
        return ()
    chosen = attempt.takes.server_identifier
    taken = next((each for each in attempt.offers if each.server_identifier == chosen), None)
    alone = None if taken is None else attempt.outcome_of([taken.message], acks=False)
    better = None if taken is None else _better(attempt, taken)
    if taken is None or better is None or not isinstance(alone, NoBoot):
        return ()
    told = f"it took the offer of {taken.datagram.sender}, and asked for no file: {alone.reason}"
    return (_other_taken(told, taken, *better, RULES[alone.lacks].field, Certainty.LIKELY),)


def _other_taken(
    told: str, taken: PassedMessage, better: PassedMessage, url: str, field: str, certainty: Certainty
) -> Diagnosis:
    told = f"{told}; that of {better.datagram.sender}, which it did not take, leads to {url}"
    needed = f"one server that names the boot file, or no offer from {taken.datagram.source}"
    shown = shown_by(taken, better)
    return Diagnosis(Kind.OTHER_SERVER_TAKEN, told, needed, certainty, shown, field, None, Sender.of(taken))


def _better(attempt: Attempt, taken: PassedMessage) -> tuple[PassedMessage, str] | None:
    """An offer of another server with which alone it would have booted, and what."""
    for each in attempt.offers:
        outcome = attempt.outcome_of([each.message], acks=False)
        if each.datagram.source != taken.datagram.source and isinstance(outcome, Boot):
            return each, outcome.url
    return None


def _nothing_asked(attempt: Attempt) -> tuple[Diagnosis, ...]:
    traffic, acks = attempt.traffic, attempt.traffic.received(MessageType.DHCPACK)
    is_on = attempt.lives_on or traffic.asked_by_arp - {traffic.address}
    if not is_on or (acks and not attempt.is_over(acks[-1].at)):
        return ()
    told = "after the DHCPACK it asked no boot server, and for no file"
    needed = "a boot file and its server by which it boots"
    shown = shown_by(*acks[-1:])
    return (Diagnosis(Kind.NOTHING_ASKED, told, needed, Certainty.CERTAIN, shown, "bootfile"),)
