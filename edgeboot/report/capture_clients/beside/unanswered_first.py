"""Messages that had no answer before others had: a port that does not forward yet, or losses."""

from __future__ import annotations

from collections.abc import Iterator

from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis
from edgeboot.report.machine_boot.diagnoses.evidence import shown_by
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.traffic import MachineTraffic, offers_in

_FEW = 2
"""Of one DHCPDISCOVER alone, a server may have been busy."""


def about_unanswered_ones(traffic: MachineTraffic) -> Iterator[Diagnosis]:
    """Of transactions, each with an xid of its own, that ended without an offer before one that had it."""
    offered = {each.message.xid for each in offers_in(traffic.messages)}
    discovers = {each.message.xid: each for each in traffic.sent(MessageType.DHCPDISCOVER)}
    answered = [each for each in discovers.values() if each.message.xid in offered]
    if not answered:
        return
    missed = [
        each for each in discovers.values() if each.message.xid not in offered and each.at < answered[-1].at
    ]
    if len(missed) >= _FEW:
        yield Diagnosis(
            Kind.SILENT_AT_FIRST,
            f"{len(missed)} of its {len(discovers)} DHCPDISCOVERs had no answer, and {len(answered)} had",
            "a segment and a server that lose none: a port that forwards at once, sound cables",
            Certainty.LIKELY,
            shown_by(*missed[:3], answered[-1]),
            "answer",
        )
