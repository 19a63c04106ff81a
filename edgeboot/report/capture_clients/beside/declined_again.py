"""Addresses that a client has declined, and is offered again."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.vocabulary import MessageType, OptionCode
from edgeboot.report.findings import Sender
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis
from edgeboot.report.machine_boot.diagnoses.evidence import shown_by
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.traffic import MachineTraffic, PassedMessage

_SOON: Final = 60.0
"""Seconds after a DHCPDECLINE within which hardly anybody has mended what was wrong with the address."""


def about_declined_ones(traffic: MachineTraffic) -> Iterator[Diagnosis]:
    """The first offer of an address that the client gave back to the same server by DHCPDECLINE."""
    for decline in traffic.sent(MessageType.DHCPDECLINE):
        octets = decline.message.options.get(OptionCode.REQUESTED_IP_ADDRESS) or b""
        if len(octets) != 4:
            continue
        for offer in traffic.received(MessageType.DHCPOFFER):
            is_soon = 0.0 < offer.at - decline.at < _SOON and offer.message.xid != decline.message.xid
            same_server = offer.server_identifier == decline.server_identifier
            if is_soon and same_server and offer.message.yiaddr == IPv4Address(octets):
                yield _offered_again(decline, offer)
                return


def _offered_again(decline: PassedMessage, offer: PassedMessage) -> Diagnosis:
    address, sender = offer.message.yiaddr, Sender.of(offer)
    told = f"it declined {address}, and {sender} offers it again {offer.at - decline.at:.1f} s later"
    needed = "an offer of another address (RFC 2131 section 4.3.3)"
    shown = shown_by(decline, offer)
    return Diagnosis(Kind.DECLINED_AGAIN, told, needed, Certainty.CERTAIN, shown, "address", address, sender)
