"""What may have confused a client that did not boot: other servers beside the one whose offer it took."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from ipaddress import IPv4Address

from edgeboot.dhcp.firmware import Boot
from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.report.machine_boot.diagnoses.attempt import Attempt
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis
from edgeboot.report.machine_boot.diagnoses.evidence import sender_of, shown_by
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.traffic import PassedMessage, offers_in


def about_other_servers(attempt: Attempt) -> Iterator[Diagnosis]:
    """Of a client that asked for a file in vain: another server offers another one."""
    if not attempt.traffic.downloads or attempt.takes is None:
        return
    chosen = attempt.takes.server_identifier
    taken = next((each for each in attempt.offers if each.server_identifier == chosen), None)
    own = None if taken is None else attempt.outcome_of([taken.message], acks=False)
    if taken is None or not isinstance(own, Boot):
        return
    for each in filter(_leases, attempt.offers):
        other = attempt.outcome_of([each.message], acks=False)
        same = each.datagram.source == taken.datagram.source
        if not same and isinstance(other, Boot) and other.url != own.url:
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
                sender_of(taken),
            )
            return


def about_one_server(attempt: Attempt) -> Iterator[Diagnosis]:
    """That two processes answer as one server: to one DHCPDISCOVER it has offered two addresses."""
    asked = [each.at for each in attempt.traffic.sent(MessageType.DHCPDISCOVER)]
    first: dict[tuple[int, int, IPv4Address], PassedMessage] = {}
    for each in filter(_leases, offers_in(attempt.traffic.messages)):
        # A server that is slow may answer two DHCPDISCOVERs at once: then with the same address.
        key = (bisect_right(asked, each.at), each.message.xid, each.datagram.source)
        before = first.setdefault(key, each)
        if before.message.yiaddr != each.message.yiaddr:
            who, addresses = each.datagram.source, f"{before.message.yiaddr} and {each.message.yiaddr}"
            macs = {str(before.datagram.source_mac): None, str(each.datagram.source_mac): None}
            told = f"{who} ({', '.join(macs)}) offered {addresses} for one DHCPDISCOVER"
            yield Diagnosis(
                Kind.ONE_SERVER_TWICE,
                f"{told}: two processes answer as that server",
                f"one DHCP server that answers as {who}",
                Certainty.LIKELY,
                shown_by(before, each),
                "servers",
                who,
                sender_of(each),
            )
            return


def _leases(each: PassedMessage) -> bool:
    return each.message.yiaddr != UNSPECIFIED
