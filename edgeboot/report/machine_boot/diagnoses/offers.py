"""Why a client took no offer: none came, none was heard, or none was usable by the client's own rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from edgeboot.base.counted import counted
from edgeboot.dhcp.firmware import Boot, Lack, NoBoot
from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.dhcp.vocabulary import MessageType, OptionCode
from edgeboot.report.findings import Sender
from edgeboot.report.machine_boot.diagnoses.attempt import COLLECTS, Attempt
from edgeboot.report.machine_boot.diagnoses.by_rule import RULES
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis
from edgeboot.report.machine_boot.diagnoses.evidence import listed, shown_by, times
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.diagnoses.unheard import is_late, never_came, why_unheard
from edgeboot.report.machine_boot.traffic import PassedMessage, offers_in

_EARLIEST: Final = 0.5
"""The part of a wait that is over when a client asks again at the soonest: waits vary at random."""
_MOST: Final = 4
"""Offers that are told each: a segment has two or three servers, and a flood of offers has any number."""


def about_offers(attempt: Attempt) -> Iterator[Diagnosis]:
    """Nothing while the client may still be waiting for offers, or gathers them."""
    offers = offers_in(attempt.traffic.messages)
    discovers = attempt.traffic.sent(MessageType.DHCPDISCOVER)
    if not offers:
        if attempt.is_over(attempt.round.began):
            yield _no_answer(attempt, discovers)
        return
    outcome, left = attempt.outcome, _were_left(attempt, offers[0], discovers)
    if isinstance(outcome, NoBoot) and attempt.offers:
        # What a boot server would have said is not known of a client that asks it nothing.
        is_known = outcome.lacks is not Lack.BOOT_SERVER_ANSWER
        if left or (is_known and attempt.is_over(offers[0].at)):
            yield _by_rule(attempt, outcome, discovers)
        return
    unheard = all(why_unheard(attempt, each, discovers) for each in offers) and attempt.is_over(offers[0].at)
    if not (left or unheard or is_late(attempt, offers[0], discovers)):
        return
    first, more = _several(offers)
    for number, same in enumerate(first, 1):
        found = _not_taken(attempt, same, discovers, usable=isinstance(outcome, Boot))
        yield replace(found, sentence=f"{found.sentence}{more}") if number == len(first) else found


def _no_answer(attempt: Attempt, discovers: Sequence[PassedMessage]) -> Diagnosis:
    how_often = f"{counted(len(discovers), 'DHCPDISCOVER')} (at {times(discovers, attempt.round.began)} s)"
    return Diagnosis(
        Kind.NO_ANSWER,
        f"no DHCPOFFER came to {attempt.traffic.place} after {how_often}",
        "a DHCPOFFER that reaches it",
        Certainty.CERTAIN,
        shown_by(*discovers),
        "answer",
    )


def _were_left(attempt: Attempt, first: PassedMessage, discovers: Sequence[PassedMessage]) -> bool:
    """Whether it asked again though there was an offer and no need to gather others.

    A client that is silent after an offer may have been switched off: one that waits asks again. One that
    asks by another xid before its shortest wait can be over has waited for nothing: it was started again.
    """
    client = attempt.client
    retransmission = None if client is None else client.retransmission
    gathers = COLLECTS if retransmission is None else retransmission.collects
    shortest = 0.0 if retransmission is None else min(retransmission.discover) * _EARLIEST
    again = (
        each.at
        for before, each in pairwise(discovers)
        if each.at > first.at and (each.message.xid == before.message.xid or each.at - before.at >= shortest)
    )
    return attempt.lives_on or any(at - attempt.round.began > gathers for at in again)


def _by_rule(attempt: Attempt, outcome: NoBoot, discovers: Sequence[PassedMessage]) -> Diagnosis:
    alike, more = _several(attempt.offers)
    told = "; ".join(_told(attempt, same, discovers) for same in alike) + more
    rule, first = RULES[outcome.lacks], attempt.offers[0]
    return Diagnosis(
        rule.kind,
        f"{told}: {outcome.reason}",
        rule.needed,
        Certainty.CERTAIN,
        shown_by(*discovers[:1], *attempt.offers, *discovers[1:]),
        rule.field,
        None,
        Sender.of(first),
    )


def _not_taken(
    attempt: Attempt, same: Sequence[PassedMessage], discovers: Sequence[PassedMessage], *, usable: bool
) -> Diagnosis:
    """Of an offer that nothing of its content is known to forbid, or of a client that is not known."""
    told, shown, sender = _told(attempt, same, discovers), shown_by(*discovers[:1], *same), Sender.of(same[0])
    unheard = why_unheard(attempt, same[0], discovers)
    lack, words = (None, "") if usable or unheard else lacks(same[0])
    if lack is not None:
        rule = RULES[lack]
        certainty = Certainty.LIKELY
        return Diagnosis(rule.kind, f"{told}{words}", rule.needed, certainty, shown, rule.field, None, sender)
    why = unheard or (never_came(attempt, same[0]) if usable else None)
    name = same[0].message.name
    if why is None:
        needed, kind = "an offer that it takes", Kind.OFFER_NOT_TAKEN
        return Diagnosis(kind, told, needed, Certainty.CERTAIN, shown, "answer", name, sender)
    late = why.kind is Kind.OFFER_TOO_LATE
    certainty = Certainty.CERTAIN if late else Certainty.LIKELY
    return Diagnosis(why.kind, f"{told}{why.words}", why.needed, certainty, shown, "answer", name, sender)


def lacks(offer: PassedMessage) -> tuple[Lack | None, str]:
    """What most clients want of an offer and it has not, and that in words."""
    options = offer.message.options
    if OptionCode.SERVER_IDENTIFIER not in options:
        return Lack.SERVER_IDENTIFIER, ": it has no server identifier (option 54)"
    if offer.server_identifier == UNSPECIFIED:
        return Lack.SERVER_IDENTIFIER, f": its server identifier (option 54) is {UNSPECIFIED}"
    if not offer.message.file.rstrip(b"\0") and OptionCode.BOOTFILE_NAME not in options:
        return Lack.BOOT_FILE, ": it names no boot file"
    return None, ""


def _several(offers: Sequence[PassedMessage]) -> tuple[Sequence[Sequence[PassedMessage]], str]:
    """Those that are told, alike ones together, and in words how many more there are."""
    every = list(_alike(offers).values())
    left = len(every) - _MOST
    return every[:_MOST], f" (and {counted(left, 'other offer')})" if left > 0 else ""


def _alike(offers: Sequence[PassedMessage]) -> dict[tuple[str, str, str], list[PassedMessage]]:
    """Offers of one server and address that lack the same."""
    alike: dict[tuple[str, str, str], list[PassedMessage]] = {}
    for offer in offers:
        key = (offer.datagram.sender, str(offer.message.yiaddr), lacks(offer)[1])
        alike.setdefault(key, []).append(offer)
    return alike


def _told(attempt: Attempt, same: Sequence[PassedMessage], discovers: Sequence[PassedMessage]) -> str:
    when = listed([_delay(offer, discovers) for offer in same])
    name = same[0].message.name if len(same) == 1 else counted(len(same), same[0].message.name)
    address, sender = same[0].message.yiaddr, same[0].datagram.sender
    told = f"{name} of {address} from {sender}, {when} s after a DHCPDISCOVER"
    return told if attempt.takes else f"{told}, not taken"


def _delay(offer: PassedMessage, discovers: Sequence[PassedMessage]) -> float:
    """Seconds from the DHCPDISCOVER before it."""
    before = [passed.at for passed in discovers if passed.at <= offer.at]
    return offer.at - before[-1] if before else 0.0
