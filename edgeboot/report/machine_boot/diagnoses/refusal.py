"""A DHCPREQUEST that was refused by a DHCPNAK, however often: one reason, with the number of times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgeboot.base.counted import counted
from edgeboot.dhcp.vocabulary import OptionCode
from edgeboot.report.findings import Sender
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis
from edgeboot.report.machine_boot.diagnoses.evidence import shown_by
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.traffic import PassedMessage


def about_refusals(naks: Sequence[PassedMessage], requests: Sequence[PassedMessage]) -> Iterator[Diagnosis]:
    """The DHCPNAKs of one server and one reason are one diagnosis.

    Args:
        naks: of the client, in their order.
        requests: its DHCPREQUESTs.
    """
    asked = {each.message.xid: each for each in reversed(requests)}
    alike: dict[tuple[str, str], list[PassedMessage]] = {}
    for nak in naks:
        request = asked.get(nak.message.xid)
        alike.setdefault((refused_by(nak), "" if request is None else _another(nak, request)), []).append(nak)
    for (refused, another), same in alike.items():
        often = f", {counted(len(same), 'time')}" if len(same) > 1 else ""
        shown = [each for nak in same for each in (asked.get(nak.message.xid), nak) if each is not None]
        yield Diagnosis(
            Kind.NAK,
            f"{refused}{another}{often}",
            "a DHCPACK for the address that it was offered",
            Certainty.CERTAIN,
            shown_by(*shown),
            "answer",
            "DHCPNAK",
            Sender.of(same[0]),
        )


def refused_by(nak: PassedMessage) -> str:
    """Who has refused a DHCPREQUEST, and in which words of its own (option 56)."""
    words = (nak.message.options.get(OptionCode.MESSAGE) or b"").decode("utf-8", "backslashreplace")
    said = repr(words) if words else "without a message (option 56)"
    return f"{nak.datagram.sender} refused its DHCPREQUEST by DHCPNAK {said}"


def _another(nak: PassedMessage, request: PassedMessage) -> str:
    """That it had taken another server's offer; empty where it had not."""
    chosen = request.server_identifier
    if chosen in {None, nak.server_identifier, nak.datagram.source}:
        return ""
    return f", though it had taken the offer of {chosen}"
