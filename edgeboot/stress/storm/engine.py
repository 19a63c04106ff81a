"""Runs a storm: sends what is due, reads what has come, and asks again as firmware does."""

from __future__ import annotations

import select
import time
from array import array
from collections.abc import Callable
from typing import Final

from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.stress.storm.arrival import arrivals
from edgeboot.stress.storm.counters import Counters
from edgeboot.stress.storm.lease_table import LeaseTable
from edgeboot.stress.storm.nodes import Phase, VirtualNodes
from edgeboot.stress.storm.patience import PatienceQueue
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.progress import Progress
from edgeboot.stress.storm.reply_reader import NOBODY, U32, YIADDR, message_at, number_in, type_and_server
from edgeboot.stress.storm.template import discover_template, request_template
from edgeboot.stress.storm.wire import Wire

_TRANSACTION: Final = 0x5A
_SENT_BETWEEN_READS: Final = 32
"""Replies are read at least so often: the ring holds some thousand."""
_PROGRESS: Final = 0.25
"""Seconds between two reports of progress."""
_SOURCE_MAC: Final = slice(6, 12)
# Plain numbers: an enum's member costs more to compare than all else that is done with a reply.
_OFF, _SELECTING, _OFFERED, _REQUESTING, _BOUND = (int(phase) for phase in tuple(Phase)[:5])
_NOT_OFFERED, _NOT_ACKNOWLEDGED, _REFUSED = (int(phase) for phase in tuple(Phase)[5:])
_OFFER, _ACK, _NAK = (int(each) for each in (MessageType.DHCPOFFER, MessageType.DHCPACK, MessageType.DHCPNAK))


class Storm:
    """One storm: runs once.

    Args:
        plan: what it is.
        wire: an open port on the segment.
        leases: where leases are written.
        on_progress: called now and then.
    """

    def __init__(
        self,
        plan: StormPlan,
        wire: Wire,
        leases: LeaseTable,
        on_progress: Callable[[Progress], None] = lambda _: None,
    ) -> None:
        self.nodes = VirtualNodes(plan.nodes)
        self.counters = Counters()
        self.began = 0.0
        """On the monotonic clock."""
        self.elapsed = 0.0
        self._plan = plan
        self._wire = wire
        self._leases = leases
        self._on_progress = on_progress
        self._patience = plan.patience
        self._discover = discover_template(plan.client, _TRANSACTION)
        self._request = request_template(plan.client, _TRANSACTION)
        self._selecting = [PatienceQueue(self.nodes.due) for _ in self._patience.discover]
        self._requesting = [PatienceQueue(self.nodes.due) for _ in self._patience.request]
        self._started = self._bound = self._gave_up = 0
        self.epoch = 0.0
        """What the monotonic clock's zero is in seconds since the epoch, as time stamps count."""

    def run(self) -> None:
        """Until every node is bound or has given up, or the plan's time is over."""
        clock = time.monotonic
        intended = self._switch_on()
        end = self.began + self._plan.within.total_seconds()
        told = self.began
        try:
            while self._bound + self._gave_up < self.nodes.count:
                now = clock()
                if now > end:
                    break
                self._start_due(intended, now)
                read = self._wire.drain(self._on_frame)
                self._end_patience(now)
                if now > told + _PROGRESS:
                    told = now
                    self._on_progress(self._progress(now))
                if not read:
                    self._await(min(end, told + _PROGRESS, self._next_time(intended)) - clock())
        finally:
            self.elapsed = clock() - self.began
            self._on_progress(self._progress(clock()))

    def _switch_on(self) -> array[float]:
        plan = self._plan
        self.epoch = time.time() - time.monotonic()
        self.began = time.monotonic()
        offsets = arrivals(plan.arrival, plan.nodes, plan.rate, plan.seed)
        for number, offset in enumerate(offsets):
            self.nodes.intended[number] = self.began + offset
        return self.nodes.intended

    def _start_due(self, intended: array[float], now: float) -> None:
        """Send the first DHCPDISCOVER of every node whose time has come."""
        since_read = 0
        while self._started < self.nodes.count and intended[self._started] <= now:
            number = self._started
            self._started += 1
            self._send_discover(number, 0)
            late = self.nodes.sent[number] - intended[number]
            self.counters.latest_sending = max(self.counters.latest_sending, late)
            since_read += 1
            if since_read == _SENT_BETWEEN_READS:
                since_read = 0
                self._wire.drain(self._on_frame)

    def _send_discover(self, number: int, tries: int) -> None:
        nodes = self.nodes
        # Before it is sent: a reply may have its time stamp before the call returns.
        now = time.monotonic()
        self._wire.send(self._discover.fill(number))
        nodes.phase[number] = _SELECTING
        nodes.tries[number] = tries
        nodes.sent[number] = now
        nodes.due[number] = now + self._patience.discover[tries]
        self._selecting[tries].add(number)
        self.counters.discovers += 1
        self.counters.repeated_discovers += tries > 0

    def _send_request(self, number: int, tries: int) -> None:
        nodes = self.nodes
        now = time.monotonic()
        self._wire.send(self._request.fill(number, nodes.address[number], nodes.server[number]))
        nodes.phase[number] = _REQUESTING
        nodes.tries[number] = tries
        nodes.sent[number] = now
        nodes.due[number] = now + self._patience.request[tries]
        self._requesting[tries].add(number)
        self.counters.requests += 1
        self.counters.repeated_requests += tries > 0

    def _on_frame(self, memory: memoryview, start: int, end: int, at: float) -> None:
        message = message_at(memory, start)
        number = number_in(memory, message, end, _TRANSACTION)
        if number == NOBODY or number >= self.nodes.count:
            return
        message_type, server = type_and_server(memory, message, end)
        address = U32(memory, message + YIADDR)[0]
        at -= self.epoch
        if message_type == _OFFER:
            mac = bytes(memory[start + _SOURCE_MAC.start : start + _SOURCE_MAC.stop])
            self._on_offer(number, address, server, at, mac)
        elif message_type == _ACK:
            self._on_ack(number, address, server, at)
        elif message_type == _NAK:
            self._on_nak(number, server)

    def _on_offer(self, number: int, address: int, server: int, at: float, server_mac: bytes) -> None:
        nodes = self.nodes
        if not address:
            self.counters.proxy_offers += 1
            return
        self.counters.offers += 1
        if not server:
            self.counters.unidentified_offers += 1
            return
        if nodes.phase[number] != _SELECTING:
            self.counters.other_offers += 1
            return
        # The server has the lease as soon as it reads the DHCPREQUEST, even if its DHCPACK is lost.
        self._leases.hold(number, address, server, server_mac)
        nodes.address[number] = address
        nodes.server[number] = server
        if not nodes.offered_at[number]:
            nodes.offered_at[number] = at
            nodes.offer_delay[number] = at - nodes.sent[number]
        if self._patience.waits_for_other_offers:
            nodes.phase[number] = _OFFERED
        else:
            self._send_request(number, 0)

    def _on_ack(self, number: int, address: int, server: int, at: float) -> None:
        nodes = self.nodes
        asked = nodes.phase[number] == _REQUESTING
        if not asked or address != nodes.address[number] or server != nodes.server[number]:
            # A DHCPREQUEST sent again is answered again: the same lease, once more.
            again = nodes.phase[number] == _BOUND and address == nodes.address[number]
            self.counters.wrong_acks += not again
            return
        self._leases.acknowledged(number)
        nodes.phase[number] = _BOUND
        nodes.due[number] = 0.0
        nodes.bound_at[number] = at
        nodes.ack_delay[number] = at - nodes.sent[number]
        self.counters.acks += 1
        self._bound += 1

    def _on_nak(self, number: int, server: int) -> None:
        self.counters.naks += 1
        if self.nodes.phase[number] != _REQUESTING or server != self.nodes.server[number]:
            return
        if self._patience.ends_by_nak:
            self._give_up(number, _REFUSED)
        else:
            self._send_discover(number, 0)

    def _end_patience(self, now: float) -> None:
        """Act for every node whose wait is over: take its offer, ask again, or give up."""
        for tries, queue in enumerate(self._selecting):
            for number in queue.ended(now):
                self._end_of_selecting(number, tries)
        for tries, queue in enumerate(self._requesting):
            for number in queue.ended(now):
                self._end_of_requesting(number, tries)

    def _end_of_selecting(self, number: int, tries: int) -> None:
        if self.nodes.phase[number] == _OFFERED:
            self._send_request(number, 0)
            return
        self.counters.unanswered_discovers += 1
        if tries + 1 < len(self._patience.discover):
            self._send_discover(number, tries + 1)
        else:
            self._give_up(number, _NOT_OFFERED)

    def _end_of_requesting(self, number: int, tries: int) -> None:
        self.counters.unanswered_requests += 1
        if tries + 1 < len(self._patience.request):
            self._send_request(number, tries + 1)
        else:
            self._give_up(number, _NOT_ACKNOWLEDGED)

    def _give_up(self, number: int, phase: int) -> None:
        self.nodes.phase[number] = phase
        self.nodes.due[number] = 0.0
        self._gave_up += 1

    def _next_time(self, intended: array[float]) -> float:
        """When something is to be sent next."""
        ends = min(queue.next_end for queue in (*self._selecting, *self._requesting))
        return min(ends, intended[self._started]) if self._started < self.nodes.count else ends

    def _await(self, seconds: float) -> None:
        """Until a frame has come, or so long; select(2) and not poll(2), which counts milliseconds."""
        select.select([self._wire], [], [], max(0.0, seconds))

    def _progress(self, now: float) -> Progress:
        return Progress(now - self.began, self.nodes.count, self._started, self._bound, self._gave_up)
