"""The fetch of boot files in one round: what nodes ask boot servers for, and what they make of the answers.

As ``node.boot`` does it for one node, here for all at once: the reading of blocks follows RFC 1350 section 2
and RFC 7440 section 4, options RFC 2347.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from ipaddress import IPv4Address
from struct import Struct
from typing import Final

from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT
from edgeboot.node.boot.tftp_packets import (
    BLOCK_NUMBERS,
    DEFAULT_BLKSIZE,
    SERVER_PORT,
    Error,
    ErrorCode,
    MalformedPacket,
    Opcode,
    OptionAcknowledgement,
    ReadRequest,
    TftpOptions,
    decode,
)
from edgeboot.stress.storm.boot_plans import BootPlan, BootPlans
from edgeboot.stress.storm.counters import Counters
from edgeboot.stress.storm.deadlines import Deadlines
from edgeboot.stress.storm.fetch_columns import MAC_OCTETS, FetchColumns, FetchFailure, Step
from edgeboot.stress.storm.fetch_patience import ARP_WAITS, fetch_patience, read_requests
from edgeboot.stress.storm.nodes import Phase, VirtualNodes
from edgeboot.stress.storm.numbering import FIRST_TRANSACTION, identity_of, xid_of
from edgeboot.stress.storm.round import Round
from edgeboot.stress.storm.sending import Send
from edgeboot.stress.storm.unicast import acknowledgement, datagram, is_at, who_has

FIRST_PORT: Final = 20_000
"""Of the nodes' own ports: each round has sixteen of them, one for each read request."""
PORTS: Final = 16
_RESOLVING, _ASKING, _REQUESTING, _READING, _DONE, _FAILED = (int(each) for each in tuple(Step)[1:])
_DATA: Final = int(Opcode.DATA)
_UDP: Final = Struct("!HHH").unpack_from
_TFTP: Final = Struct("!HH").unpack_from
_UDP_HEADER: Final = 8
_TFTP_HEADER: Final = 4
OnEnd = Callable[[int, float], None]


class Fetching:
    """The fetches of a round.

    Args:
        round_: its client.
        transaction: of its messages.
        nodes: its nodes, which have an address when they begin.
        counters: of the round.
        send: sends a frame, or counts it as unsent.
        on_end: what a node does next that has its file.
        own: makes a node's number the one in its frames.
    """

    def __init__(
        self,
        round_: Round,
        transaction: int,
        nodes: VirtualNodes,
        counters: Counters,
        send: Send,
        on_end: OnEnd,
        own: Callable[[int], int] = int,
    ) -> None:
        self.columns = FetchColumns(nodes.count)
        self.plans = BootPlans(round_.client)
        self.failed = 0
        self._owners: dict[int, int] = {}
        """The node that has an address, by that as 32 bits: who is asked for it by ARP."""
        self._client = round_.client
        self._transaction = transaction
        self._first_port = FIRST_PORT + PORTS * (transaction - FIRST_TRANSACTION)
        self._nodes = nodes
        self._counters = counters
        self._put = send
        self._on_end = on_end
        self._own = own
        self._failures: Counter[tuple[str, int | None]] = Counter()
        self._requests = read_requests(round_.client)
        self._last_request = len(self._requests) - 1
        """Those before it ask for the size alone."""
        patience = fetch_patience(round_.client)
        self._waits = {
            _RESOLVING: ARP_WAITS,
            _ASKING: patience.boot_server,
            _REQUESTING: patience.tftp,
            _READING: patience.tftp,
        }
        self._stalls_after = patience.tftp[0]
        self._deadlines = Deadlines(self.columns.due)

    @property
    def failures(self) -> tuple[FetchFailure, ...]:
        """Why nodes have no boot file, the most frequent reason first."""
        return tuple(
            FetchFailure(reason, nodes, error) for (reason, error), nodes in self._failures.most_common()
        )

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
        self._put(is_at(self._own(number), address, asker_mac, asker))
        return True

    def resolved(self, number: int, address: int, mac: bytes) -> None:
        """An ARP reply to a node."""
        columns = self.columns
        if columns.step[number] == _RESOLVING and columns.hop[number] == address:
            columns.hop_mac[number * MAC_OCTETS : (number + 1) * MAC_OCTETS] = mac
            self._to_server(number)

    def on_datagram(self, number: int, memory: memoryview, udp: int, at: float) -> None:
        """A datagram to one of the ports of this round.

        Args:
            number: the node's.
            memory: where it is.
            udp: where its header begins.
            at: when it came, on the monotonic clock.
        """
        columns = self.columns
        source, port, length = _UDP(memory, udp)
        step, known = columns.step[number], columns.server_port[number]
        waits = step in {_REQUESTING, _READING} and port == self._port(number)
        if not waits or (known and known != source):
            self._counters.strays += 1
            return
        columns.server_port[number] = source
        payload = udp + _UDP_HEADER
        opcode, block = _TFTP(memory, payload)
        if opcode == _DATA:
            self._on_block(number, block, length - _UDP_HEADER - _TFTP_HEADER, at)
        else:
            self._on_packet(number, bytes(memory[payload : udp + length]))

    def end_patience(self, now: float) -> None:
        """Act for every node whose wait is over: send its last packet again, or give up."""
        columns = self.columns
        for number in self._deadlines.ended(now):
            step, tries = columns.step[number], columns.tries[number] + 1
            waits = self._waits[step]
            if tries == len(waits):
                self._fail(number, self._silence(number, step))
                continue
            columns.tries[number] = tries
            columns.due[number] = now + waits[tries]
            self._deadlines.watch(number)
            self._counters.repeated_packets += 1
            self._send(number, step)

    @property
    def next_end(self) -> float:
        """When something is to be sent again."""
        return self._deadlines.next_end

    def plan(self, number: int) -> BootPlan:
        """What a node does after the replies that it has got."""
        columns = self.columns
        heard = columns.offer[number], columns.proxy[number], columns.ack[number], columns.answer[number]
        return self.plans.plan(*heard)

    def _follow(self, number: int) -> None:
        """A node turns to the server of its plan, by way of a router if that is elsewhere."""
        plan, columns = self.plan(number), self.columns
        if plan.problem:
            self._fail(number, plan.problem)
            return
        columns.server[number] = plan.server
        elsewhere = (plan.server ^ self._nodes.address[number]) & plan.mask
        hop = plan.router if elsewhere and plan.router else plan.server
        if columns.hop[number] == hop:
            self._to_server(number)
            return
        columns.hop[number] = hop
        self._step(number, _RESOLVING)

    def _to_server(self, number: int) -> None:
        self._step(number, _REQUESTING if self.plan(number).request is None else _ASKING)

    def _step(self, number: int, step: int) -> None:
        """A node sends the first packet of a step, and waits."""
        columns = self.columns
        columns.step[number] = step
        columns.tries[number] = 0
        columns.due[number] = time.monotonic() + self._waits[step][0]
        self._deadlines.watch(number)
        if step == _REQUESTING:
            columns.server_port[number] = 0
            columns.blocks[number] = columns.octets[number] = 0
            columns.unacknowledged[number] = columns.gap[number] = 0
            columns.blksize[number], columns.windowsize[number] = DEFAULT_BLKSIZE, 1
            self._counters.read_requests += 1
        self._send(number, step)

    def _send(self, number: int, step: int) -> None:
        plan = self.plan(number)
        own = self._nodes.address[number]
        if step == _RESOLVING:
            self._put(who_has(self._own(number), own, self.columns.hop[number]))
        elif step == _ASKING:
            self._ask(number, own, plan)
        elif step == _REQUESTING:
            request = ReadRequest(plan.name, self._requests[self.columns.asked[number]])
            self._send_datagram(number, SERVER_PORT, request.encode())
        else:
            self.columns.gap[number] = 0
            self._acknowledge(number)

    def _ask(self, number: int, own: int, plan: BootPlan) -> None:
        assert plan.request is not None, "it asks a boot server"  # noqa: S101
        node = identity_of(self._own(number), self._client)
        message = node.ask_boot_server(
            xid_of(self._own(number), self._transaction), IPv4Address(own), plan.request
        )
        ends = (own, plan.request.client_port), (plan.server, BOOT_SERVER_PORT)
        self._put(datagram(self._own(number), self._hop(number), *ends, message.encode()))

    def _send_datagram(self, number: int, port: int, payload: bytes) -> None:
        ends = (self._nodes.address[number], self._port(number)), (self.columns.server[number], port)
        self._put(datagram(self._own(number), self._hop(number), *ends, payload))

    def _acknowledge(self, number: int) -> None:
        columns = self.columns
        columns.unacknowledged[number] = 0
        own = self._nodes.address[number], self._port(number)
        to = columns.server[number], columns.server_port[number]
        block = columns.blocks[number] % BLOCK_NUMBERS
        self._put(acknowledgement(self._own(number), self._hop(number), own, to, block))

    def _on_packet(self, number: int, payload: bytes) -> None:
        """Anything but a block."""
        try:
            packet = decode(payload)
        except MalformedPacket as malformed:
            self._violated(number, f"sent no packet of TFTP: {malformed}")
            return
        if isinstance(packet, Error):
            told = f"{self._server(number)} answered {packet} for {self.plan(number).name}"
            self._fail(number, told, packet.code)
        elif isinstance(packet, OptionAcknowledgement):
            self._on_options(number, packet.options)
        else:
            self._violated(number, f"sent a {type(packet).__name__} in answer to a read request")

    def _on_options(self, number: int, granted: TftpOptions) -> None:
        columns = self.columns
        if columns.blocks[number]:
            return  # A duplicate of the OACK, overtaken by data.
        asked = self._requests[columns.asked[number]]
        for name, value in granted.present.items():
            limit = asked.present.get(name)
            if limit is None or (name != "tsize" and value > limit):
                self._violated(number, f"granted {name} {value} where {limit or 'nothing'} was asked for")
                return
        if granted.tsize is not None:
            columns.size[number] = granted.tsize
        if columns.asked[number] < self._last_request:
            self._end_probe(number)
            return
        columns.blksize[number] = granted.blksize or DEFAULT_BLKSIZE
        columns.windowsize[number] = granted.windowsize or 1
        self._progress(number, time.monotonic())
        self._acknowledge(number)

    def _end_probe(self, number: int) -> None:
        """It knows the size, or that the server does not say it, and asks for the file from its next port."""
        ended = Error(ErrorCode.OPTION_NEGOTIATION_FAILED, "User aborted the transfer")
        self._send_datagram(number, self.columns.server_port[number], ended.encode())
        self.columns.asked[number] += 1
        self._step(number, _REQUESTING)

    def _on_block(self, number: int, block: int, size: int, at: float) -> None:
        columns = self.columns
        if columns.asked[number] < self._last_request:
            self._end_probe(number)
            return
        blksize = columns.blksize[number]
        if not 0 <= size <= blksize:
            self._violated(number, f"sent a block of {size} octets where {blksize} were agreed")
            return
        blocks = columns.blocks[number]
        ahead = (block - blocks) % BLOCK_NUMBERS
        if ahead == 1:
            columns.blocks[number] = blocks + 1
            columns.octets[number] += size
            columns.unacknowledged[number] += 1
            self._progress(number, at)
            if size < blksize:
                self._acknowledge(number)
                self._finish(number, at)
            elif columns.unacknowledged[number] >= columns.windowsize[number]:
                self._acknowledge(number)
        elif ahead == 0:
            # Sent again: the acknowledgement was lost. In mid-window one would have the server send the rest
            # of the window twice, and each copy of that again.
            if not columns.unacknowledged[number]:
                self._acknowledge(number)
        elif ahead <= columns.windowsize[number] and not columns.gap[number]:
            columns.gap[number] = 1  # A block of the window is missing: said once.
            self._acknowledge(number)

    def _progress(self, number: int, at: float) -> None:
        columns = self.columns
        shorter = columns.tries[number] > 0  # The first wait is not longer than those after it.
        columns.step[number] = _READING
        columns.tries[number] = columns.gap[number] = 0
        columns.due[number] = at + self._stalls_after
        if shorter:
            self._deadlines.watch(number)

    def _finish(self, number: int, at: float) -> None:
        columns = self.columns
        announced, received = columns.size[number], columns.octets[number]
        self._counters.fetched_octets += received
        if announced not in {-1, received}:
            told = f"{self._server(number)} announced {announced} octets of {self.plan(number).name}"
            self._fail(number, f"{told} and sent {received}")
            return
        columns.step[number], columns.due[number] = _DONE, 0.0
        columns.fetched_at[number] = at
        self._nodes.phase[number] = Phase.BOUND
        self._on_end(number, at)

    def _violated(self, number: int, problem: str) -> None:
        """The server has broken the protocol: it is told so, and the node gives up."""
        port = self.columns.server_port[number]
        self._send_datagram(number, port, Error(ErrorCode.ILLEGAL_OPERATION, "illegal").encode())
        self._fail(number, f"{self._server(number)} {problem}")

    def _fail(self, number: int, reason: str, error: int | None = None) -> None:
        self.columns.step[number], self.columns.due[number] = _FAILED, 0.0
        self._nodes.phase[number] = Phase.NOT_FETCHED
        self._failures[reason, error] += 1
        self.failed += 1

    def _silence(self, number: int, step: int) -> str:
        plan, columns = self.plan(number), self.columns
        if step == _RESOLVING:
            return f"no ARP reply for {IPv4Address(columns.hop[number])}"
        if step == _ASKING:
            return f"port {BOOT_SERVER_PORT} of {self._server(number)} did not answer"
        if step == _REQUESTING:
            return f"{self._server(number)} did not answer the read request for {plan.name}"
        return f"{self._server(number)} stopped in the middle of {plan.name}"

    def _server(self, number: int) -> str:
        return str(IPv4Address(self.columns.server[number]))

    def _port(self, number: int) -> int:
        """The node's own, another one for each read request."""
        return self._first_port + self.columns.asked[number]

    def _hop(self, number: int) -> bytes:
        return bytes(self.columns.hop_mac[number * MAC_OCTETS : (number + 1) * MAC_OCTETS])
