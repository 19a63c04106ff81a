"""The census of a segment's servers: who answered any message of the run, however late.

A server that looks for the offered address first answers after 3 s or more, when the message's own
exchange has long ended. The capture at the server's port has such replies, too: firmware asks for
them by broadcast. A reply to one machine is seen by the exchange alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.identity import is_ours
from edgeboot.dhcp.message import BOOTREPLY
from edgeboot.dhcp.vocabulary import SERVER_PORT
from edgeboot.host.wire.frame import Frame
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.node.matching import dhcp_message
from edgeboot.report.rogue_servers import RogueReply, is_provided_for, late_rogue
from edgeboot.spec.contract.segment import Segment

_FROM_SERVER: Final = SERVER_PORT.to_bytes(2, "big")
_SOURCE_PORT: Final = slice(34, 36)
"""Of a UDP datagram behind an IPv4 header without options."""


@dataclass(slots=True)
class Census:
    """Every server's message to a node of the suite that passed the server's port, one of each sender."""

    guests: set[MacAddress] = field(default_factory=set)
    """Machines that the suite itself has put on the segment: their replies are expected."""
    offered: set[IPv4Address] = field(default_factory=set)
    """The addresses in these messages, those to nodes whose exchange is not concluded among them."""
    _replies: dict[tuple[object, object], Reply] = field(default_factory=dict)

    def note(self, frames: Iterable[Frame]) -> None:
        """Take the servers' messages out of captured frames."""
        for frame in frames:
            reply = _to_a_node(frame)
            if reply is not None and reply.datagram.source_mac not in self.guests:
                sender = (reply.datagram.source, reply.datagram.source_mac)
                self._replies.setdefault(sender, reply)
                self.offered.add(reply.address)

    def rogues(self, exchanges: Iterable[Exchange], segment: Segment) -> tuple[RogueReply, ...]:
        """The senders that the contract does not provide for, each with its first message."""
        known = tuple(exchanges)
        asked = {exchange.request.xid: exchange for exchange in known}
        found = {
            sender: reply for sender, reply in self._replies.items() if not is_provided_for(reply, segment)
        }
        for reply in self._beside(known, segment):
            found.setdefault((reply.datagram.source, reply.datagram.source_mac), reply)
        return tuple(late_rogue(reply, asked.get(reply.message.xid), segment) for reply in found.values())

    def _beside(self, exchanges: Iterable[Exchange], segment: Segment) -> Iterator[Reply]:
        """What other machines sent beside the server; an offer to one MAC address passes no other port."""
        for exchange in exchanges:
            strange = [reply for reply in exchange.replies if not is_provided_for(reply, segment)]
            for reply in strange if len(strange) < len(exchange.replies) else ():
                mac = reply.datagram.source_mac
                if mac != segment.server_mac and mac not in self.guests and not is_ours(mac):
                    yield reply


def _to_a_node(frame: Frame) -> Reply | None:
    if frame.octets[_SOURCE_PORT] != _FROM_SERVER:
        return None
    read = dhcp_message(frame)
    if read is None or read[0].op != BOOTREPLY or not is_ours(read[0].chaddr):
        return None
    return Reply(*read, frame)
