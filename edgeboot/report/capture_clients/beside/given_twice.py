"""Addresses that two clients of a capture have at once, and those that another machine has already."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.dhcp.vocabulary import MessageType, OptionCode
from edgeboot.report.findings import Sender
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis
from edgeboot.report.machine_boot.diagnoses.evidence import shown_by
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.traffic import MachineTraffic, PassedMessage


@dataclass(frozen=True, slots=True)
class _Grant:
    """An address of a client, and the time for which it is its own, in seconds since the epoch."""

    mac: MacAddress
    identifier: bytes | None
    """Option 61: by it a machine keeps its address at another card."""
    ack: PassedMessage
    until: float
    is_heard: bool
    """Whether a DHCPRELEASE of it would be in the capture: it goes to the server alone."""


class GivenAddresses:
    """The addresses that the clients of one capture were given, gathered one client after the other."""

    def __init__(self) -> None:
        self._grants: dict[IPv4Address, list[_Grant]] = {}

    def about(self, traffic: MachineTraffic) -> Iterator[Diagnosis]:
        """What of this client's addresses is another's; of two clients the one that is asked of last."""
        own = tuple(_grants(traffic))
        told: set[IPv4Address] = set()
        for grant in own:
            address = grant.ack.message.yiaddr
            for other in self._grants.get(address, ()):
                if address not in told and _overlap(grant, other):
                    told.add(address)
                    yield _twice(grant.ack, other)
        for offer in traffic.received(MessageType.DHCPOFFER):
            address = offer.message.yiaddr
            for other in self._grants.get(address, ()):
                is_held = other.ack.at < offer.at < other.until and not _same(traffic, other)
                if is_held and address not in told:
                    told.add(address)
                    yield _twice(offer, other)
        yield from _taken(traffic, told)
        for grant in own:
            self._grants.setdefault(grant.ack.message.yiaddr, []).append(grant)


def _grants(traffic: MachineTraffic) -> Iterator[_Grant]:
    requests = traffic.sent(MessageType.DHCPREQUEST)
    given_back = (*traffic.sent(MessageType.DHCPRELEASE), *traffic.sent(MessageType.DHCPDECLINE))
    ends = [each.at for each in (*given_back, *traffic.received(MessageType.DHCPNAK))]
    heard = traffic.is_heard_in_full
    for ack in traffic.received(MessageType.DHCPACK):
        asked = next((each for each in reversed(requests) if each.message.xid == ack.message.xid), None)
        if ack.message.yiaddr == UNSPECIFIED or asked is None:
            continue
        lease = ack.message.options.get(OptionCode.IP_ADDRESS_LEASE_TIME)
        lasts = ack.at + int.from_bytes(lease) if lease else math.inf
        until = min((each for each in ends if each > ack.at), default=lasts)
        yield _Grant(traffic.mac, asked.message.options.get(OptionCode.CLIENT_IDENTIFIER), ack, until, heard)


def _overlap(one: _Grant, other: _Grant) -> bool:
    same_machine = one.mac == other.mac  # A watch tells of it anew when it boots again.
    alike = same_machine or (one.identifier is not None and one.identifier == other.identifier)
    return not alike and one.ack.at < other.until and other.ack.at < one.until


def _same(traffic: MachineTraffic, other: _Grant) -> bool:
    """Whether it is that client, or has its identifier."""
    if traffic.mac == other.mac:
        return True
    sent = (*traffic.sent(MessageType.DHCPDISCOVER), *traffic.sent(MessageType.DHCPREQUEST))
    identifiers = {each.message.options.get(OptionCode.CLIENT_IDENTIFIER) for each in sent}
    return other.identifier is not None and other.identifier in identifiers


def _twice(reply: PassedMessage, other: _Grant) -> Diagnosis:
    address, held = reply.message.yiaddr, other.ack
    told = f"{address}, which {reply.datagram.sender} gives it by {reply.message.name}, is {other.mac}'s"
    return Diagnosis(
        Kind.ADDRESS_GIVEN_TWICE,
        f"{told}: {held.datagram.sender} gave it to that machine by DHCPACK, and no DHCPRELEASE is seen",
        "an address that no other machine has",
        Certainty.CERTAIN if other.is_heard else Certainty.LIKELY,
        shown_by(*sorted((held, reply), key=lambda each: each.at)),
        "address",
        address,
        Sender.of(reply),
    )


def _taken(traffic: MachineTraffic, told: set[IPv4Address]) -> Iterator[Diagnosis]:
    """Addresses that a machine with another MAC address has by ARP; the client itself may not have asked."""
    given = (*traffic.received(MessageType.DHCPOFFER), *traffic.received(MessageType.DHCPACK))
    for reply in {each.message.yiaddr: each for each in reversed(given)}.values():
        address = reply.message.yiaddr
        owner = traffic.answered_by_arp.get(address) or traffic.announced_by_arp.get(address)
        if owner is None or owner == traffic.mac or address in told:
            continue
        yield Diagnosis(
            Kind.ADDRESS_CONFLICT,
            f"{reply.datagram.sender} gives it {address} by {reply.message.name}, and {owner} has it by ARP",
            f"an address that is free, or {owner} without {address}",
            Certainty.LIKELY,
            shown_by(reply),
            "address",
            address,
            Sender.of(reply),
        )
