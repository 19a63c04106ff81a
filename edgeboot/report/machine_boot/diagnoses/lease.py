"""Why a client that took an offer has no address: it was refused, not answered, or gave the address back."""

from __future__ import annotations

from collections.abc import Iterator

from edgeboot.base.counted import counted
from edgeboot.dhcp.message import BOOTREPLY, UNSPECIFIED
from edgeboot.dhcp.vocabulary import MessageType, OptionCode
from edgeboot.report.findings import Sender
from edgeboot.report.machine_boot.diagnoses.attempt import Attempt
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis
from edgeboot.report.machine_boot.diagnoses.evidence import shown_by
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.diagnoses.refusal import about_refusals
from edgeboot.report.machine_boot.traffic import PassedMessage


def about_the_lease(attempt: Attempt) -> Iterator[Diagnosis]:
    """What became of a DHCPREQUEST that led to no lease."""
    traffic = attempt.traffic
    requests = traffic.sent(MessageType.DHCPREQUEST)
    naks = traffic.received(MessageType.DHCPNAK)
    yield from about_refusals(naks, requests)
    if naks or not requests or traffic.received(MessageType.DHCPACK):
        return
    if not attempt.is_over(requests[0].at) and len(requests) < 2:
        return
    by_bootp = [each for each in traffic.messages if each.message.op == BOOTREPLY and _has_no_type(each)]
    chosen = requests[-1].server_identifier or "the server"
    if by_bootp:
        told = f"{by_bootp[-1].datagram.sender} answers its DHCPREQUEST by BOOTP, without option 53"
        shown = shown_by(*requests[:1], by_bootp[-1])
        needed = "a DHCP server: a BOOTP reply is no DHCPACK"
        yield Diagnosis(Kind.NO_MESSAGE_TYPE, told, needed, Certainty.CERTAIN, shown, "answer")
        return
    told = f"{counted(len(requests), 'DHCPREQUEST')} to {chosen} had no answer"
    offer = next((each for each in attempt.offers if each.server_identifier == chosen), None)
    if offer is not None and _names_another(offer):
        yield Diagnosis(
            Kind.IDENTIFIER_NOT_SOURCE,
            f"{told}: the offer of {offer.datagram.sender} names {chosen} as its server (option 54)",
            f"the server's own address in option 54, {offer.datagram.source}",
            Certainty.LIKELY,
            shown_by(offer, *requests),
            "server_identifier",
            chosen,
            Sender.of(offer),
        )
        return
    needed = f"a DHCPACK from {chosen}"
    shown = shown_by(*requests)
    yield Diagnosis(Kind.REQUEST_UNANSWERED, told, needed, Certainty.CERTAIN, shown, "answer")


def _names_another(offer: PassedMessage) -> bool:
    """Whether its option 54 is not where it comes from, and no relay agent has sent it on."""
    return offer.message.giaddr == UNSPECIFIED and offer.server_identifier != offer.datagram.source


def about_a_decline(attempt: Attempt) -> Iterator[Diagnosis]:
    """Why the machine gave an address back that it had just been given."""
    traffic, told = attempt.traffic, set()
    for decline in traffic.sent(MessageType.DHCPDECLINE):
        acks = [each for each in traffic.received(MessageType.DHCPACK) if each.at <= decline.at]
        # One that is sent again, or that was captured twice, gives the same address back.
        if acks and acks[-1].message.yiaddr not in told:
            told.add(acks[-1].message.yiaddr)
            yield _declined(attempt, acks[-1], decline)


def _declined(attempt: Attempt, ack: PassedMessage, decline: PassedMessage) -> Diagnosis:
    address = ack.message.yiaddr
    told = f"it declined {address} {(decline.at - ack.at) * 1000:.0f} ms after the DHCPACK"
    taken = attempt.traffic.answered_by_arp.get(address)
    kind, field, received, certainty = Kind.DECLINED, "address", address, Certainty.LIKELY
    needed = "an address that it accepts"
    if taken is not None:
        kind, certainty, told = Kind.ADDRESS_CONFLICT, Certainty.CERTAIN, f"{told}: {taken} has that address"
        needed = f"an address that is free, or {taken} without {address}"
    elif OptionCode.SUBNET_MASK not in ack.message.options:
        told = f"{told}, which has no subnet mask (option 1): EDK2 takes none"
        kind, certainty, needed = Kind.NO_SUBNET_MASK, Certainty.CERTAIN, "the subnet mask in option 1"
        return Diagnosis(
            kind, told, needed, certainty, shown_by(ack, decline), "netmask", None, Sender.of(ack)
        )
    return Diagnosis(kind, told, needed, certainty, shown_by(ack, decline), field, received, Sender.of(ack))


def _has_no_type(each: PassedMessage) -> bool:
    return each.message.message_type is None
