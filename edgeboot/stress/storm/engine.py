"""Runs a storm: sends what is due, reads what has come, and asks again as the nodes' clients do."""

from __future__ import annotations

import select
import time
from collections.abc import Callable
from functools import partial
from typing import Final

from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, CLIENT_PORT
from edgeboot.stress.storm.arrival import arrivals
from edgeboot.stress.storm.fetch_frames import FIRST_PORT, PORTS
from edgeboot.stress.storm.lease_table import LeaseTable
from edgeboot.stress.storm.numbering import FIRST_TRANSACTION, NUMBER_OCTETS
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.progress import Progress
from edgeboot.stress.storm.reply_reader import NOBODY, NUMBER, U16, message_at, node_in, number_at
from edgeboot.stress.storm.round import Place
from edgeboot.stress.storm.round_result import Recorded
from edgeboot.stress.storm.running_round import RunningRound
from edgeboot.stress.storm.stragglers import Stragglers
from edgeboot.stress.storm.system_clock import SystemClock
from edgeboot.stress.storm.unicast import ARP, ARP_FIELDS, WHO_HAS
from edgeboot.stress.storm.wire import Wire

_PROGRESS: Final = 0.25
"""Seconds between two reports of progress."""
_ROUND: Final = 8 * NUMBER_OCTETS
"""How many bits of an xid are the node's number; the others are the round."""
_TYPE: Final = 12
"""Where in a frame its EtherType is."""
_SHORTEST: Final = 42
"""Octets of a frame with an ARP message, or with a datagram of none."""


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
        self.began = 0.0
        """On the monotonic clock."""
        self.elapsed = 0.0
        self.epoch = 0.0
        """What the monotonic clock's zero is in seconds since the epoch, as time stamps count."""
        self.clock_step = 0.0
        """Seconds by which the system's clock was set meanwhile, so that time stamps do not agree."""
        self.last_reply = 0.0
        """When the last reply to a node came, on the monotonic clock; 0 without any."""
        self._clock = SystemClock()
        self._plan = plan
        self._wire = wire
        self._on_progress = on_progress
        self._ready = 0
        self._number_of = plan.numbering.of_own
        self._rounds: list[RunningRound] = []
        after = self._count_ready
        for index in reversed(range(len(plan.rounds))):
            place = Place(index, len(plan.rounds), plan.numbering)
            running = RunningRound(plan.rounds[index], place, plan.nodes, wire, leases, after)
            self._rounds.insert(0, running)
            after = running.expect
        self._stragglers = Stragglers([each.nodes for each in self._rounds], plan.numbering)
        self._readers = [each.on_reply for each in self._rounds]
        self._nodes = plan.nodes

    @property
    def recorded(self) -> tuple[Recorded, ...]:
        """What became of the nodes in each round."""
        pairs = zip(self._plan.rounds, self._rounds, strict=True)
        return tuple(
            Recorded(round_, running.nodes, running.counters)
            if running.fetching is None
            else Recorded(
                round_, running.nodes, running.counters, running.fetching.columns, running.fetching.failures
            )
            for round_, running in pairs
        )

    def run(self) -> None:
        """Until every node is ready or has given up, or the plan's time is over."""
        clock = time.monotonic
        self._switch_on()
        end = self.began + self._plan.within.total_seconds()
        told = self.began
        fetches = any(each.fetching is not None for each in self._rounds)
        read = partial(self._wire.drain, self._on_any_frame if fetches else self._on_frame)
        try:
            while self._ready + self._gave_up < self._plan.nodes:
                now = clock()
                if now > end:
                    break
                for each in self._rounds:
                    each.start_due(now, read)
                has_read = read()
                for each in self._rounds:
                    each.end_patience(now)
                if now > told + _PROGRESS:
                    told = now
                    self._look_at_clock()
                    self._on_progress(self._progress(now))
                if not has_read:
                    following = min(each.next_time for each in self._rounds)
                    self._await(min(end, told + _PROGRESS, following) - clock())
        finally:
            self.elapsed = clock() - self.began
            self._look_at_clock()
            self._on_progress(self._progress(clock()))

    def _switch_on(self) -> None:
        plan, first = self._plan, self._rounds[0]
        self._clock = SystemClock()
        self.epoch = self._clock.epoch
        self.began = time.monotonic()
        for number, offset in enumerate(arrivals(plan.arrival, plan.nodes, plan.rate, plan.seed)):
            first.nodes.intended[number] = self.began + offset
        first.coming = range(plan.nodes)

    def _look_at_clock(self) -> None:
        self._clock.look()
        self.epoch, self.clock_step = self._clock.epoch, self._clock.step

    def _on_frame(self, memory: memoryview, start: int, end: int, at: float) -> None:
        message = message_at(memory, start)
        node = node_in(memory, message, end)
        if node == NOBODY:
            return
        index, number = (node >> _ROUND) - FIRST_TRANSACTION, node & NUMBER
        number = self._number_of(number)
        if 0 <= index < len(self._readers) and number < self._nodes:
            self.last_reply = at = at - self.epoch
            self._readers[index](number, memory, start, message, end, at)

    def _on_any_frame(self, memory: memoryview, start: int, end: int, at: float) -> None:
        """The same where nodes fetch files: they have neighbours, and ports of their own."""
        if end < start + _SHORTEST:
            return
        if U16(memory, start + _TYPE)[0] == ARP:
            self._on_arp(memory, start)
            return
        message = message_at(memory, start)
        port = U16(memory, message - 6)[0]
        index, number = (port - FIRST_PORT) // PORTS, self._number_at(memory, start)
        if port in {CLIENT_PORT, BOOT_SERVER_PORT}:
            self._on_frame(memory, start, end, at)
        elif 0 <= index < len(self._rounds) and number < self._plan.nodes:
            fetching = self._rounds[index].fetching
            if fetching is not None:
                fetching.on_datagram(number, memory, start, message - 8, at - self.epoch)

    def _number_at(self, memory: memoryview, mac: int) -> int:
        return self._number_of(number_at(memory, mac))

    def _on_arp(self, memory: memoryview, start: int) -> None:
        operation, sender_mac, sender, target = ARP_FIELDS(memory, start)
        fetches = [each.fetching for each in self._rounds if each.fetching is not None]
        if operation == WHO_HAS:
            any(each.answers_for(target, sender_mac, sender) for each in fetches)
        elif self._number_at(memory, start) < self._plan.nodes:
            for each in fetches:
                each.resolved(self._number_at(memory, start), sender, sender_mac)

    def _count_ready(self, number: int, at: float) -> None:
        del at
        self._stragglers.is_ready(number)
        self._ready += 1

    @property
    def _gave_up(self) -> int:
        return sum(each.gave_up for each in self._rounds)

    def _await(self, seconds: float) -> None:
        """Until a frame has come, or so long; select(2) and not poll(2), which counts milliseconds."""
        select.select([self._wire], [], [], max(0.0, seconds))

    def _progress(self, now: float) -> Progress:
        elapsed, started = now - self.began, self._rounds[0].started
        stragglers = self._stragglers.longest(started, now)
        return Progress(elapsed, self._plan.nodes, started, self._ready, self._gave_up, stragglers)
