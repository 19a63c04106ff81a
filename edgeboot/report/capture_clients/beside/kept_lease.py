"""Why a client that remembers an address, or is given one without an offer in this capture, has none.

A DHCPREQUEST without a DHCPDISCOVER before it: after a restart (INIT-REBOOT), for a renewal, or by a client
whose offer passed elsewhere (RFC 2131 section 4.3.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address

from edgeboot.base.counted import counted
from edgeboot.dhcp.message import LIMITED_BROADCAST, UNSPECIFIED
from edgeboot.dhcp.vocabulary import MessageType, OptionCode
from edgeboot.report.findings import Sender
from edgeboot.report.machine_boot.diagnoses.attempt import PATIENCE
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis
from edgeboot.report.machine_boot.diagnoses.evidence import shown_by
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.diagnoses.refusal import refused_by
from edgeboot.report.machine_boot.traffic import MachineTraffic, PassedMessage


def about_kept_leases(traffic: MachineTraffic, until: float) -> Iterator[Diagnosis]:
    """What became of its last such DHCPREQUEST; nothing where an address came later.

    That nobody answers INIT-REBOOT or REBINDING is no fault: only the server that has a record does.

    Args:
        traffic: of the client.
        until: when the last packet of the capture passed, in seconds since the epoch.
    """
    discovered = {each.message.xid for each in traffic.sent(MessageType.DHCPDISCOVER)}
    requests = [each for each in traffic.sent(MessageType.DHCPREQUEST) if each.message.xid not in discovered]
    if not requests:
        return
    last = requests[-1]
    answers = [
        each
        for each in (*traffic.received(MessageType.DHCPACK), *traffic.received(MessageType.DHCPNAK))
        if each.message.xid == last.message.xid
    ]
    later = any(each.at > last.at for each in traffic.received(MessageType.DHCPACK))
    refused = [each for each in answers if each.message.message_type is MessageType.DHCPNAK]
    if refused and not later:
        yield _refused(last, refused[0])
    elif not answers and not later and until - last.at >= PATIENCE:
        count = sum(each.message.xid == last.message.xid for each in requests)
        known = [each for each in traffic.received(MessageType.DHCPACK) if each.at < last.at]
        if _asks_one_server(last):
            yield _unanswered(last, count)
        elif known and last.message.ciaddr == UNSPECIFIED:
            yield _ignored(last, count, known[-1])


def _refused(request: PassedMessage, nak: PassedMessage) -> Diagnosis:
    return Diagnosis(
        Kind.NAK,
        f"{refused_by(nak)}, and it has asked for no other address since",
        "a DHCPACK, or a DHCPDISCOVER after the refusal",
        Certainty.CERTAIN,
        shown_by(request, nak),
        "answer",
        "DHCPNAK",
        Sender.of(nak),
    )


def _unanswered(request: PassedMessage, count: int) -> Diagnosis:
    asked = request.server_identifier or request.datagram.destination
    name = "renewal" if request.server_identifier is None else "DHCPREQUEST"
    return Diagnosis(
        Kind.REQUEST_UNANSWERED,
        f"{counted(count, name)} to {asked} had no answer",
        f"a DHCPACK from {asked}",
        Certainty.CERTAIN,
        shown_by(request),
        "answer",
    )


def _ignored(request: PassedMessage, count: int, known: PassedMessage) -> Diagnosis:
    """Of a client that was restarted and that a server knows: it grants the address, or refuses it."""
    wanted = request.message.options.get(OptionCode.REQUESTED_IP_ADDRESS) or b""
    address = IPv4Address(wanted) if len(wanted) == 4 else "an address"
    asked = f"{counted(count, 'DHCPREQUEST')} for {address}"
    told = f"{asked} had no answer, though {known.datagram.sender} knows it"
    return Diagnosis(
        Kind.REQUEST_UNANSWERED,
        f"{told}: it has given it {known.message.yiaddr}",
        "a DHCPACK, or a DHCPNAK after which it asks anew (RFC 2131 section 4.3.2)",
        Certainty.LIKELY,
        shown_by(known, request),
        "answer",
        None,
        Sender.of(known),
    )


def _asks_one_server(request: PassedMessage) -> bool:
    """Whether it takes an offer, or renews at the server that gave the lease."""
    if request.server_identifier is not None:
        return True
    renews = request.message.ciaddr != UNSPECIFIED
    return renews and request.datagram.destination != LIMITED_BROADCAST
