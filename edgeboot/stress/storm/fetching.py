"""The fetch of boot files in one round: whom nodes with an address ask, by ARP, on port 4011, by TFTP."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address

from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT
from edgeboot.stress.storm.boot_plans import BootPlan, BootPlans
from edgeboot.stress.storm.fetch_columns import MAC_OCTETS, FetchColumns, Step
from edgeboot.stress.storm.fetch_failures import FetchEnd, FetchFailure, FetchFailures
from edgeboot.stress.storm.fetch_frames import FetchFrames
from edgeboot.stress.storm.fetch_patience import ARP_WAITS, fetch_patience
from edgeboot.stress.storm.fetch_waits import FetchWaits
from edgeboot.stress.storm.nodes import Phase
from edgeboot.stress.storm.round_parts import RoundParts
from edgeboot.stress.storm.transfers import Transfers

_RESOLVING, _ASKING, _REQUESTING, _READING, _DONE, _ = (int(each) for each in tuple(Step)[1:])
OnEnd = Callable[[int, float], None]


class Fetching:
    """The fetches of a round.

    Args:
        of: what the round works with; its nodes have an address when they begin.
        on_end: what a node does next that has its file.
    """

    def __init__(self, of: RoundParts, on_end: OnEnd) -> None:
        client = of.round.client
        self.columns = columns = FetchColumns(of.nodes.count)
        self.plans = BootPlans(client)
        self._owners: dict[int, int] = {}
        """The node that has an address, by that as 32 bits: who is asked for it by ARP."""
        self._nodes = of.nodes
        self._counters = of.counters
        self._on_end = on_end
        patience = fetch_patience(client)
        waits = {
            _RESOLVING: ARP_WAITS,
            _ASKING: patience.boot_server,
            _REQUESTING: patience.tftp,
            _READING: patience.tftp,
        }
        self._waits = FetchWaits(columns, waits)
        self._failures = FetchFailures(of.nodes, columns, of.own)
        self._frames = frames = FetchFrames(of, columns)
        self._transfers = Transfers(
            client, columns, frames, self._waits, self._failures, of.counters, self._name, self._finish
        )
        self.on_datagram = self._transfers.on_datagram
        """Called with what comes to one of the ports of this round."""

    @property
    def failed(self) -> int:
        """How many nodes have given up without their boot file."""
        return self._failures.count

    @property
    def failures(self) -> tuple[FetchFailure, ...]:
        """Why nodes have no boot file, the most frequent reason first."""
        return self._failures.told

    def begin(self, number: int) -> None:
        """A node has its DHCPACK."""
        self._nodes.phase[number] = Phase.FETCHING
        self._owners[self._nodes.address[number]] = number
        self._follow(number)

    def waits_for_boot_server(self, number: int) -> bool:
        """Whether the next DHCPACK to a node is a boot server's."""
        return self.columns.step[number] == _ASKING

    def answered(self, number: int, reply: int) -> None:
        """A boot server's reply, by its number in the plans."""
        self.columns.answer[number] = reply
        self._follow(number)

    def answers_for(self, address: int, asker_mac: bytes, asker: int) -> bool:
        """Answer by ARP who has asked for an address; whether a node has it."""
        number = self._owners.get(address)
        if number is None:
            return False
        self._frames.is_at(number, address, asker_mac, asker)
        return True

    def resolved(self, number: int, address: int, mac: bytes) -> None:
        """An ARP reply to a node."""
        columns = self.columns
        if columns.step[number] == _RESOLVING and columns.hop[number] == address:
            columns.hop_mac[number * MAC_OCTETS : (number + 1) * MAC_OCTETS] = mac
            self._to_server(number)

    def end_patience(self, now: float) -> None:
        """Act for every node whose wait is over: send its last packet again, or give up."""
        for number, again in self._waits.ended(now):
            if again:
                self._counters.repeated_packets += 1
                self._send_again(number)
            else:
                self._give_up(number)

    @property
    def next_end(self) -> float:
        """When something is to be sent again."""
        return self._waits.next_end

    def plan(self, number: int) -> BootPlan:
        """What a node does after the replies that it has got."""
        columns = self.columns
        heard = columns.offer[number], columns.proxy[number], columns.ack[number], columns.answer[number]
        return self.plans.plan(*heard)

    def _name(self, number: int) -> str:
        return self.plan(number).name

    def _follow(self, number: int) -> None:
        """A node turns to the server of its plan, by way of a router if that is elsewhere."""
        plan, columns = self.plan(number), self.columns
        if plan.problem:
            self._failures.add(number, FetchEnd.NOTHING_NAMED, plan.problem, server=0)
            return
        columns.server[number] = plan.server
        elsewhere = (plan.server ^ self._nodes.address[number]) & plan.mask
        hop = plan.router if elsewhere and plan.router else plan.server
        if columns.hop[number] == hop:
            self._to_server(number)
            return
        columns.hop[number] = hop
        self._waits.begin(number, _RESOLVING)
        self._frames.who_has(number)

    def _to_server(self, number: int) -> None:
        plan = self.plan(number)
        if plan.request is None:
            self._transfers.request(number)
        else:
            self._waits.begin(number, _ASKING)
            self._frames.ask(number, plan)

    def _send_again(self, number: int) -> None:
        step = self.columns.step[number]
        if step == _RESOLVING:
            self._frames.who_has(number)
        elif step == _ASKING:
            self._frames.ask(number, self.plan(number))
        elif step == _REQUESTING:
            self._transfers.request_again(number)
        else:
            self._transfers.acknowledge_again(number)

    def _finish(self, number: int, at: float) -> None:
        """A node has its whole file."""
        self.columns.step[number], self.columns.due[number] = _DONE, 0.0
        self.columns.fetched_at[number] = at
        self._nodes.phase[number] = Phase.BOUND
        self._on_end(number, at)

    def _give_up(self, number: int) -> None:
        """A node has waited in vain."""
        step, add = self.columns.step[number], self._failures.add
        server, name = IPv4Address(self.columns.server[number]), self._name(number)
        if step == _RESOLVING:
            hop = self.columns.hop[number]
            add(number, FetchEnd.NO_ARP_REPLY, f"no ARP reply for {IPv4Address(hop)}", server=hop)
        elif step == _ASKING:
            add(number, FetchEnd.NO_BOOT_SERVER, f"port {BOOT_SERVER_PORT} of {server} did not answer")
        elif step == _REQUESTING:
            other = self._transfers.other_source(number)
            but = "" if other is None else f", but {other} did"
            add(number, FetchEnd.NO_ANSWER, f"{server} did not answer the read request for {name}{but}")
        else:
            add(number, FetchEnd.STOPPED, f"{server} stopped in the middle of {name}")
