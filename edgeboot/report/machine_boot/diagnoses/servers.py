"""What may have confused a client that did not boot: other servers beside the one whose offer it took."""

from __future__ import annotations

from collections.abc import Iterator

from edgeboot.dhcp.firmware import Boot
from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.report.findings import Sender
from edgeboot.report.machine_boot.diagnoses.attempt import Attempt
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis
from edgeboot.report.machine_boot.diagnoses.evidence import shown_by
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.traffic import PassedMessage


def about_other_servers(attempt: Attempt) -> Iterator[Diagnosis]:
    """Of a client that asked for a file in vain: another server offers another one."""
    if not attempt.traffic.downloads or attempt.takes is None:
        return
    chosen = attempt.takes.server_identifier
    taken = next((each for each in attempt.offers if each.server_identifier == chosen), None)
    if taken is None:
        return
    others = [
        each for each in attempt.offers if _leases(each) and each.datagram.source != taken.datagram.source
    ]
    own = attempt.outcome_of([taken.message], acks=False) if others else None
    if not isinstance(own, Boot):
        return
    for each in others:
        other = attempt.outcome_of([each.message], acks=False)
        if isinstance(other, Boot) and other.url != own.url:
            took = f"it took the offer of {taken.datagram.sender}, which leads to {own.url}"
            beside = f"that of {each.datagram.sender} leads to {other.url}"
            yield Diagnosis(
                Kind.SEVERAL_SERVERS,
                f"two servers offer addresses: {took}; {beside}",
                "one server that offers addresses, or the same boot file of both",
                Certainty.LIKELY,
                shown_by(taken, each, attempt.takes),
                "servers",
                taken.datagram.source,
                Sender.of(taken),
            )
            return


def _leases(each: PassedMessage) -> bool:
    return each.message.yiaddr != UNSPECIFIED
