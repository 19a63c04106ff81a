"""Why a client may not have heard an offer that passed: it is damaged, came too late, or went elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from edgeboot.host.wire.frame import Checksum
from edgeboot.report.machine_boot.diagnoses.attempt import Attempt
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.traffic import OWN_PORT, PassedMessage

_SLACK: Final = 2.0
"""Seconds that real clients were seen to wait longer than the table says."""


@dataclass(frozen=True, slots=True)
class Unheard:
    """One reason, in words that follow an offer's."""

    kind: Kind
    words: str
    needed: str


def why_unheard(attempt: Attempt, offer: PassedMessage, discovers: Sequence[PassedMessage]) -> Unheard | None:
    """The first reason that fits; None where nothing of the offer's packet keeps a client from it."""
    if offer.at > (gave_up := _gave_up(attempt, discovers)):
        words = f", {offer.at - gave_up:.1f} s after it had given up"
        return Unheard(Kind.OFFER_TOO_LATE, words, "an offer while it waits for one")
    asked = discovers[0].frame.vlan if discovers else None
    if offer.frame.vlan != asked:
        words = f": it is in {_vlan(offer.frame.vlan)}, and the DHCPDISCOVER in {_vlan(asked)}"
        return Unheard(Kind.DAMAGED_OFFER, words, f"an offer in {_vlan(asked)}")
    sums = {offer.datagram.udp_checksum, offer.datagram.ip_checksum}
    if Checksum.WRONG in sums:
        needed = "an offer that reaches it whole: look for what changes packets on their way"
        return Unheard(Kind.DAMAGED_OFFER, ": its checksum is wrong, and a client drops it", needed)
    return None


def is_late(attempt: Attempt, offer: PassedMessage, discovers: Sequence[PassedMessage]) -> bool:
    """Whether an offer came when the client had given up."""
    return offer.at > _gave_up(attempt, discovers)


def never_came(attempt: Attempt, offer: PassedMessage) -> Unheard | None:
    """That an offer which it can use did not reach it; None where what passes its own port is seen."""
    if Checksum.PENDING in {offer.datagram.udp_checksum, offer.datagram.ip_checksum}:
        words = ": its checksum was left to the sender's network card, and a client drops it where none"
        needed = "an offer with its checksum: switch checksum offload off at the server's interface"
        return Unheard(Kind.DAMAGED_OFFER, f"{words} has filled it in (a client on the same machine)", needed)
    if attempt.traffic.place == OWN_PORT:
        return None
    words = ", though it can boot by it: probably it never reached the client"
    needed = "the offer at its own port: a switch (DHCP snooping), a firewall or a VLAN may keep it back"
    return Unheard(Kind.OFFER_LOST, words, needed)


def _gave_up(attempt: Attempt, discovers: Sequence[PassedMessage]) -> float:
    """When it had waited for offers for as long as it does."""
    client = attempt.client
    waits = None if client is None else client.retransmission
    if waits is None or waits.persists or len(discovers) < len(waits.discover):
        return attempt.next_began
    return min(attempt.next_began, discovers[-1].at + waits.discover[-1] + _SLACK)


def _vlan(identifier: int | None) -> str:
    return "no VLAN" if identifier is None else f"VLAN {identifier}"
