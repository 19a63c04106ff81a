"""What a round's nodes send to DHCP servers, how often, and how long they wait after each message."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import accumulate

from edgeboot.dhcp.clients.retransmission import AfterNak, Retransmission
from edgeboot.stress.storm.nodes import Phase
from edgeboot.stress.storm.patience import PatienceQueue
from edgeboot.stress.storm.round_parts import RoundParts
from edgeboot.stress.storm.template import discover_template, request_template

_SELECTING, _REQUESTING, _RESTARTING = (
    int(each) for each in (Phase.SELECTING, Phase.REQUESTING, Phase.RESTARTING)
)


class Asking:
    """The DHCPDISCOVERs and DHCPREQUESTs of a round."""

    def __init__(self, of: RoundParts) -> None:
        self._nodes = of.nodes
        self._counters = of.counters
        self._send = of.send
        self._own = of.own
        patience = of.round.patience
        self._discover = discover_template(of.round.client, of.transaction)
        self._request = request_template(of.round.client, of.transaction)
        self._selecting = [PatienceQueue(of.nodes.due, each) for each in patience.discover]
        self._requesting = [PatienceQueue(of.nodes.due, each) for each in patience.request]
        self._restarting = PatienceQueue(of.nodes.due, patience.restarts_after)
        self._queues = (*self._selecting, *self._requesting, self._restarting)
        self._shortest = min(*patience.discover, *patience.request, *_pauses(patience))
        """Of all waits: one that begins now ends no sooner."""
        self._look_at = 0.0
        """When the first of them may end."""
        self.asked_for = (0.0, *accumulate(patience.discover))
        """For how long a node has asked that sends its DHCPDISCOVER for the first, second, … time."""

    def discover(self, number: int, tries: int) -> None:
        """A node sends its DHCPDISCOVER, which it has sent so often."""
        self._wait(number, _SELECTING, tries, self._selecting[tries])
        self._send(self._discover.fill(self._own(number)))
        self._counters.discovers += 1
        self._counters.repeated_discovers += tries > 0

    def request(self, number: int, tries: int) -> None:
        """A node asks for the address that it was offered, which it has done so often."""
        nodes = self._nodes
        self._wait(number, _REQUESTING, tries, self._requesting[tries])
        self._send(self._request.fill(self._own(number), nodes.address[number], nodes.server[number]))
        self._counters.requests += 1
        self._counters.repeated_requests += tries > 0

    def pause(self, number: int) -> None:
        """A node waits before it begins anew."""
        self._nodes.phase[number] = _RESTARTING
        self._restarting.begin(number, time.monotonic())

    def may_end(self, now: float) -> bool:
        """Whether any wait may be over."""
        return now >= self._look_at

    def ended_discovers(self, now: float) -> Iterator[tuple[int, int]]:
        """The nodes whose wait after a DHCPDISCOVER is over, and how often they had sent it before."""
        for tries, queue in enumerate(self._selecting):
            for number in queue.ended(now):
                yield number, tries

    def ended_requests(self, now: float) -> Iterator[tuple[int, int]]:
        """The same after a DHCPREQUEST."""
        for tries, queue in enumerate(self._requesting):
            for number in queue.ended(now):
                yield number, tries

    def begin_anew(self, now: float) -> None:
        """The nodes whose pause is over send their first DHCPDISCOVER again; the next look is planned."""
        for number in self._restarting.ended(now):
            self.discover(number, 0)
        self._look_at = min(now + self._shortest, self.next_end)

    @property
    def next_end(self) -> float:
        """When the next wait is over; infinite if nobody waits."""
        return min(queue.next_end for queue in self._queues)

    def _wait(self, number: int, phase: int, tries: int, queue: PatienceQueue) -> None:
        """A node begins to wait, before it sends: a reply may have its time stamp before that returns."""
        nodes = self._nodes
        now = time.monotonic()
        nodes.phase[number] = phase
        nodes.tries[number] = tries
        nodes.sent[number] = now
        queue.begin(number, now)


def _pauses(patience: Retransmission) -> tuple[float, ...]:
    """Before a client begins anew, if it does."""
    return (patience.restarts_after,) if patience.after_nak is AfterNak.BEGINS_ANEW else ()
