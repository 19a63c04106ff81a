"""Clients that are offered another address while they have one."""

from __future__ import annotations

import math
from collections.abc import Iterator

from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.dhcp.vocabulary import MessageType, OptionCode
from edgeboot.report.findings import Sender
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis
from edgeboot.report.machine_boot.diagnoses.evidence import shown_by
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.traffic import MachineTraffic, PassedMessage


def about_several_addresses(traffic: MachineTraffic) -> Iterator[Diagnosis]:
    """The first offer of another address than the client has of the same server, by the same identifier.

    Not of one that has asked for an address by itself, or has given its own back or been refused it.
    """
    asked = {each.message.xid: each for each in traffic.sent(MessageType.DHCPDISCOVER)}
    lost = (*traffic.sent(MessageType.DHCPDECLINE), *traffic.received(MessageType.DHCPNAK))
    ended = [each.at for each in (*lost, *traffic.sent(MessageType.DHCPRELEASE))]
    for ack in traffic.received(MessageType.DHCPACK):
        first = asked.get(ack.message.xid)
        until = min((at for at in ended if at > ack.at), default=math.inf)
        for offer in traffic.received(MessageType.DHCPOFFER):
            again = asked.get(offer.message.xid)
            if first is None or again is None or not ack.at < again.at < offer.at < until:
                continue
            if _is_another(ack, first, offer, again):
                certain = traffic.is_heard_in_full
                yield _several(ack, offer, Certainty.CERTAIN if certain else Certainty.LIKELY)
                return


def _is_another(ack: PassedMessage, first: PassedMessage, offer: PassedMessage, again: PassedMessage) -> bool:
    one, other = first.message.options, again.message.options
    alike = one.get(OptionCode.CLIENT_IDENTIFIER) == other.get(OptionCode.CLIENT_IDENTIFIER)
    own = OptionCode.REQUESTED_IP_ADDRESS in other or first.message.giaddr != again.message.giaddr
    same_server = offer.server_identifier == ack.server_identifier
    given = UNSPECIFIED not in {offer.message.yiaddr, ack.message.yiaddr}
    return given and alike and same_server and not own and offer.message.yiaddr != ack.message.yiaddr


def _several(ack: PassedMessage, offer: PassedMessage, certainty: Certainty) -> Diagnosis:
    has, other = ack.message.yiaddr, offer.message.yiaddr
    return Diagnosis(
        Kind.SEVERAL_ADDRESSES,
        f"{offer.datagram.sender} offers it {other}, while it has {has} of that server",
        "the same address again (RFC 2131 section 4.3.1)",
        certainty,
        shown_by(ack, offer),
        "address",
        other,
        Sender.of(offer),
    )
