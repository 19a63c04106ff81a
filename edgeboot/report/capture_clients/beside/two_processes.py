"""Two processes that answer as the same server: one xid, one identifier, two answers."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.vocabulary import MessageType, OptionCode, option_name
from edgeboot.report.findings import Sender
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis
from edgeboot.report.machine_boot.diagnoses.evidence import shown_by
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.traffic import MachineTraffic, PassedMessage

_FIELDS: Final = ("yiaddr", "siaddr", "file", "sname")
_PASSING: Final = frozenset(
    {
        OptionCode.IP_ADDRESS_LEASE_TIME,
        OptionCode.RENEWAL_TIME,
        OptionCode.REBINDING_TIME,
        OptionCode.RELAY_AGENT_INFORMATION,
    }
)


def about_two_processes(traffic: MachineTraffic) -> Iterator[Diagnosis]:
    """The first two offers to one DHCPDISCOVER, of one source and identifier, that give something else.

    A server that is asked again with the same xid may have changed its mind.
    """
    asked = [each.message.xid for each in traffic.sent(MessageType.DHCPDISCOVER)]
    first: dict[tuple[int, IPv4Address | None, object], PassedMessage] = {}
    for offer in traffic.received(MessageType.DHCPOFFER):
        if asked.count(offer.message.xid) > 1:
            continue
        key = (offer.message.xid, offer.server_identifier, offer.datagram.source)
        other = first.setdefault(key, offer)
        if differing := _differing(other, offer):
            sender, xid = offer.datagram.sender, offer.message.shown_xid
            yield Diagnosis(
                Kind.ONE_SERVER_TWICE,
                f"{sender} answers xid {xid} twice: by {_shown(other)}, and by {_shown(offer)};"
                f" they differ in {', '.join(differing)}",
                "one server alone at that address",
                Certainty.CERTAIN,
                shown_by(other, offer),
                "servers",
                offer.datagram.source,
                Sender.of(offer),
            )
            return


def _differing(one: PassedMessage, other: PassedMessage) -> tuple[str, ...]:
    """The fields and options that are not the same; times run, and option 82 is the agent's."""
    first, second = one.message, other.message
    fields = [each for each in _FIELDS if getattr(first, each) != getattr(second, each)]
    codes = sorted({each.code for each in (*first.options, *second.options)} - _PASSING)
    options = [option_name(each) for each in codes if first.options.get(each) != second.options.get(each)]
    return (*fields, *options)


def _shown(offer: PassedMessage) -> str:
    file = offer.message.file.rstrip(b"\0").decode("latin-1")
    return f"a DHCPOFFER of {offer.message.yiaddr}{f' with {file}' if file else ''}"
