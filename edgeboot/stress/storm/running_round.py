"""One round while a storm runs: what its nodes send, and what they make of the replies."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import Final

from edgeboot.dhcp.clients.retransmission import AfterNak
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.stress.storm.asking import Asking
from edgeboot.stress.storm.counters import Counters
from edgeboot.stress.storm.fetching import Fetching
from edgeboot.stress.storm.kept_replies import keep_ack, keep_offer
from edgeboot.stress.storm.lease_table import LeaseTable
from edgeboot.stress.storm.nodes import Phase, VirtualNodes
from edgeboot.stress.storm.numbering import FIRST_TRANSACTION
from edgeboot.stress.storm.reply_reader import U32, YIADDR, told_in
from edgeboot.stress.storm.round import Place, Round
from edgeboot.stress.storm.round_parts import RoundParts
from edgeboot.stress.storm.sending import counting
from edgeboot.stress.storm.wire import Wire

SENT_BETWEEN_READS: Final = 32
"""Replies are read at least so often: the ring holds some thousand."""
_SOURCE_MAC: Final = slice(6, 12)
# Plain numbers: an enum's member costs more to compare than all else that is done with a reply.
_SELECTING, _OFFERED, _REQUESTING, _BOUND = (
    int(each) for each in (Phase.SELECTING, Phase.OFFERED, Phase.REQUESTING, Phase.BOUND)
)
_NOT_OFFERED, _NOT_ACKNOWLEDGED, _REFUSED = (
    int(each) for each in (Phase.NOT_OFFERED, Phase.NOT_ACKNOWLEDGED, Phase.REFUSED)
)
_OFFER, _ACK, _NAK = (int(each) for each in (MessageType.DHCPOFFER, MessageType.DHCPACK, MessageType.DHCPNAK))
OnEnd = Callable[[int, float], None]
"""Called with a node's number, and when it was done, on the monotonic clock."""


class RunningRound:
    """A round of so many nodes.

    Args:
        round_: its client.
        place: where it is among the storm's rounds.
        nodes: how many nodes the storm has.
        wire: an open port on the segment.
        leases: where leases are written.
        on_end: what a node does next that is done with this round.
    """

    def __init__(
        self, round_: Round, place: Place, nodes: int, wire: Wire, leases: LeaseTable, on_end: OnEnd
    ) -> None:
        self.nodes = VirtualNodes(nodes)
        self.counters = Counters()
        self._dropped_out = 0
        self.started = 0
        self.coming: Sequence[int] = array("I")
        """The nodes that begin this round, in the order of their intended times."""
        self._rounds, self._index = place.rounds, place.index
        self._leases = leases
        self._on_end = on_end
        self._patience = round_.patience
        parts = RoundParts(
            round_,
            FIRST_TRANSACTION + place.index,
            self.nodes,
            self.counters,
            counting(wire, self.counters),
            place.macs.own,
        )
        self._asking = Asking(parts)
        self._send_discover, self._send_request = self._asking.discover, self._asking.request
        self.fetching: Fetching | None = None
        if round_.fetches:
            self.fetching = Fetching(parts, on_end)
        self._refused: set[int] = set()
        """Of a client that ignores a DHCPNAK, the nodes that got one to their last DHCPREQUEST."""
        self._proxied: set[int] = set()
        """Of a client that collects offers, the nodes that have a ProxyDHCP's."""

    def expect(self, number: int, at: float) -> None:
        """A node is to begin this round, later than those before it."""
        assert isinstance(self.coming, array), "the first round's nodes are all known"  # noqa: S101
        self.nodes.intended[number] = at
        self.coming.append(number)

    def start_due(self, now: float, read: Callable[[], int]) -> None:
        """Send the first DHCPDISCOVER of every node whose time has come; ``read`` reads replies meanwhile."""
        intended, sent, coming, counters = self.nodes.intended, self.nodes.sent, self.coming, self.counters
        since_read = 0
        while self.started < len(coming):
            number = coming[self.started]
            if intended[number] > now:
                return
            self.started += 1
            self._send_discover(number, 0)
            late = sent[number] - intended[number]
            if late > counters.latest_sending:
                counters.latest_sending = late
            since_read += 1
            if since_read == SENT_BETWEEN_READS:
                since_read = 0
                read()

    def on_reply(
        self, number: int, memory: memoryview, start: int, message: int, end: int, at: float
    ) -> None:
        """A reply to a node in this round.

        Args:
            number: the node's.
            memory: where the frame is, from ``start`` to ``end``.
            start: of the frame.
            message: where the DHCP message begins.
            end: of the frame.
            at: when it came, on the monotonic clock.
        """
        message_type, server, lease_time = told_in(memory, message, end)
        address = U32(memory, message + YIADDR)[0]
        if message_type == _OFFER:
            mac = bytes(memory[start + _SOURCE_MAC.start : start + _SOURCE_MAC.stop])
            if self.fetching is not None:
                keep_offer(self.fetching, self.nodes, number, memory, message)
            self._on_offer(number, address, server, at, mac)
        elif message_type == _ACK:
            fetching = self.fetching
            if fetching is None or not keep_ack(fetching, self.nodes, number, memory, start, message):
                self._on_ack(number, address, server, at, lease_time)
        elif message_type == _NAK:
            self._on_nak(number, server)

    def end_patience(self, now: float) -> None:
        """Act for every node whose wait is over: take its offer, ask again, or give up."""
        if self.fetching is not None:
            self.fetching.end_patience(now)
        asking = self._asking
        if not asking.may_end(now):
            return
        for number, tries in asking.ended_discovers(now):
            self._end_of_selecting(number, tries)
        for number, tries in asking.ended_requests(now):
            self._end_of_requesting(number, tries)
        asking.begin_anew(now)

    @property
    def gave_up(self) -> int:
        """How many nodes have given up in this round."""
        return self._dropped_out + (0 if self.fetching is None else self.fetching.failed)

    @property
    def next_time(self) -> float:
        """When something is to be sent next."""
        ends = self._asking.next_end
        if self.fetching is not None:
            ends = min(ends, self.fetching.next_end)
        if self.started == len(self.coming):
            return ends
        return min(ends, self.nodes.intended[self.coming[self.started]])

    def _on_offer(self, number: int, address: int, server: int, at: float, server_mac: bytes) -> None:
        nodes = self.nodes
        if not address:
            self.counters.proxy_offers += 1
            if self._patience.collects:
                self._on_proxys_offer(number)
            return
        self.counters.offers += 1
        if not server:
            self.counters.unidentified_offers += 1
            return
        phase = nodes.phase[number]
        if phase != _SELECTING:
            self.counters.other_offers += 1
            return
        # The server has the lease as soon as it reads the DHCPREQUEST, even if its DHCPACK is lost.
        self._leases.hold(number * self._rounds + self._index, address, server, server_mac)
        nodes.address[number] = address
        nodes.server[number] = server
        if not nodes.offered_at[number]:
            nodes.offered_at[number] = at
            nodes.offer_delay[number] = at - nodes.sent[number]
        if self._patience.waits_for_other_offers and not self._has_collected(number, at - nodes.sent[number]):
            nodes.phase[number] = _OFFERED
        else:
            self._send_request(number, 0)

    def _on_proxys_offer(self, number: int) -> None:
        """Who collects offers waits no longer than until it has a ProxyDHCP's, too."""
        if self.nodes.phase[number] == _OFFERED:
            self._send_request(number, 0)
        else:
            self._proxied.add(number)

    def _has_collected(self, number: int, since_sent: float) -> bool:
        """Whether a node has asked for so long that it takes an offer at once."""
        collects, tries = self._patience.collects, self.nodes.tries[number]
        longer = bool(collects) and self._asking.asked_for[tries] + since_sent > collects
        return longer or number in self._proxied

    def _on_ack(self, number: int, address: int, server: int, at: float, lease_time: int) -> None:
        nodes = self.nodes
        if not address:
            return  # Port 4011's once more: it grants nothing.
        if address != nodes.address[number] or server != nodes.server[number]:
            self.counters.wrong_acks += 1
            return
        if nodes.phase[number] != _REQUESTING:
            return  # Once more, to a DHCPREQUEST sent again, or after the node gave up.
        self._leases.acknowledged(number * self._rounds + self._index)
        nodes.phase[number], nodes.due[number] = _BOUND, 0.0
        nodes.bound_at[number] = at
        nodes.lease_time[number] = lease_time
        nodes.ack_delay[number] = at - nodes.sent[number]
        self.counters.acks += 1
        if self.fetching is None:
            self._on_end(number, at)
        else:
            self.fetching.begin(number)

    def _on_nak(self, number: int, server: int) -> None:
        self.counters.naks += 1
        if self.nodes.phase[number] != _REQUESTING or server != self.nodes.server[number]:
            return
        match self._patience.after_nak:
            case AfterNak.GIVES_UP:
                self._give_up(number, _REFUSED)
            case AfterNak.BEGINS_ANEW:
                self._asking.pause(number)
            case AfterNak.IGNORES_IT:
                self._refused.add(number)

    def _end_of_selecting(self, number: int, tries: int) -> None:
        offered = self.nodes.phase[number] == _OFFERED
        asks_again = tries + 1 < len(self._patience.discover)
        if offered and (not asks_again or self._asking.asked_for[tries + 1] > self._patience.collects):
            self._send_request(number, 0)
            return
        self.counters.unanswered_discovers += not offered
        if asks_again or self._patience.persists:
            self._send_discover(number, tries + asks_again)
            self.nodes.phase[number] = _OFFERED if offered else _SELECTING
        else:
            self._give_up(number, _NOT_OFFERED)

    def _end_of_requesting(self, number: int, tries: int) -> None:
        self.counters.unanswered_requests += number not in self._refused
        self._refused.discard(number)
        asks_again = tries + 1 < len(self._patience.request)
        if asks_again or self._patience.persists:
            self._send_request(number, tries + asks_again)
        else:
            self._give_up(number, _NOT_ACKNOWLEDGED)

    def _give_up(self, number: int, phase: int) -> None:
        self.nodes.phase[number], self.nodes.due[number] = phase, 0.0
        self._dropped_out += 1
