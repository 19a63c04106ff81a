"""Replies that answer one client's transaction and carry another's hardware address (chaddr)."""

from __future__ import annotations

from collections.abc import Iterator

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.message import BOOTREPLY
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.report.findings import Sender
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis
from edgeboot.report.machine_boot.diagnoses.evidence import shown_by
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.traffic import MachineTraffic, PassedMessage


class Transactions:
    """The transactions of one capture's clients, gathered one client after the other."""

    def __init__(self) -> None:
        self._asked: dict[int, MacAddress] = {}
        self._replies: dict[int, PassedMessage] = {}

    def about(self, traffic: MachineTraffic) -> Iterator[Diagnosis]:
        """The first reply by another's chaddr; of a client and one that only gets replies, the later one."""
        own = {each.message.xid for each in traffic.sent(MessageType.DHCPDISCOVER)}
        replies = {each.message.xid: each for each in traffic.messages if each.message.op == BOOTREPLY}
        if not own:  # Whoever asks nothing is sent nothing.
            found = [(self._asked[xid], each) for xid, each in replies.items() if xid in self._asked]
            self._replies |= replies
        else:
            unanswered = own - replies.keys()
            found = [(traffic.mac, each) for xid, each in self._replies.items() if xid in unanswered]
        self._asked |= dict.fromkeys(own, traffic.mac)
        for mac, reply in found[:1]:
            yield _to_another(mac, reply)


def _to_another(mac: MacAddress, reply: PassedMessage) -> Diagnosis:
    chaddr, xid = reply.message.chaddr, reply.message.shown_xid
    told = (
        f"{reply.datagram.sender} answers xid {xid} of {mac} by a {reply.message.name} with chaddr {chaddr}"
    )
    return Diagnosis(
        Kind.DAMAGED_OFFER,
        f"{told}, which is another machine's (RFC 2131 table 3)",
        f"the client's own hardware address, {mac}, in chaddr",
        Certainty.CERTAIN,
        shown_by(reply),
        "chaddr",
        chaddr,
        Sender.of(reply),
    )
