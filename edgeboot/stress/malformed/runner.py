"""Sends malformed messages to a server and checks its replies and its health after each."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from edgeboot.base.deadline import Wait
from edgeboot.base.errors import NotAnswered, ServerDied
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.server.health import Health
from edgeboot.spec.contract.segment import Segment, foreign_address
from edgeboot.stress.malformed.case import Expectation, MalformedCase, RawMessages, WellFormedMessage

_MAX_FRAMES_SHOWN: Final = 4
_FLOOD_BATCH: Final = 10
"""Cases sent between two sentinel exchanges: few enough for the server's receive buffer."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """The outcome of one case; ``problems`` is empty if the server behaved as expected."""

    case: MalformedCase
    raw: RawMessages
    exchange: Exchange
    problems: tuple[str, ...]

    @property
    def told(self) -> str:
        """The case with its statement, and what is wrong, in one line."""
        return told(self.case, "; ".join(self.problems))

    @property
    def shown_frames(self) -> str:
        """The octets of the first frames sent."""
        return shown_frames(self.raw)


@dataclass(frozen=True, slots=True)
class CaseRunner:
    """A node that sends, a sentinel, and the server's health before the first message.

    Both nodes have a lease. The server knows the node by client identifier and chaddr: if a
    case mutates one of them, dnsmasq still recognises the client and does not ping for 3 s.
    """

    node: EdgeNode
    sentinel: EdgeNode
    health: Health
    segment: Segment
    _xids: random.Random = field(default_factory=random.Random)

    def run_case(self, case: MalformedCase, *, check_memory: bool = True) -> CaseResult:
        """Send the frames of a case, then check the replies and the server's health.

        ``check_memory`` includes the server's memory, which is slow where the server is a Pod.

        Raises:
            ServerDied: the server does not answer the sentinel any more.
        """
        raw = case.build(self.well_formed(case.message_type))
        expected = self._expected(case, raw)
        patience = Wait.FIRMWARE if expected is Expectation.ANSWER else None
        try:
            exchange = self.node.send_raw(raw.frames, raw.message, self.sentinel, answer_within=patience)
        except NotAnswered as error:
            raise ServerDied(self._crash_report(case, raw, error)) from error
        exchange = self._replies_of_server(exchange)
        health = self.health.problems if check_memory else self.health.liveness_problems
        problems = (*reply_problems(replace(case, expected=expected), exchange), *health)
        return CaseResult(case, raw, exchange, problems)

    def build(self, cases: Sequence[MalformedCase]) -> list[tuple[MalformedCase, RawMessages]]:
        """Build the frames of the cases, for ``flood``; without those that need what does not exist."""
        nothing_foreign = foreign_address(self.segment.contract, self.segment.bridge) is None
        possible = [case for case in cases if not (case.foreign and nothing_foreign)]
        return [(case, case.build(self.well_formed(case.message_type))) for case in possible]

    def flood(self, cases: Sequence[tuple[MalformedCase, RawMessages]]) -> None:
        """Send many cases without waiting for replies; a sentinel exchange follows every ten.

        Raises:
            ServerDied: the server does not answer the sentinel any more.
        """
        for start in range(0, len(cases), _FLOOD_BATCH):
            batch = cases[start : start + _FLOOD_BATCH]
            for _, raw in batch:
                for frame in raw.frames:
                    self.node.port.send(frame)
            try:
                _ = self.sentinel.discover(grace=None).offer
            except NotAnswered as error:
                names = ", ".join(case.name for case, _ in batch)
                raise ServerDied(f"one of {names}: {self._state(error)}") from error

    def well_formed(self, message_type: MessageType) -> WellFormedMessage:
        """The valid message of a type as the node would send it, with a new xid.

        Raises:
            ValueError: a type other than DHCPDISCOVER and DHCPREQUEST.
        """
        xid = self._xids.getrandbits(32)
        match message_type:
            case MessageType.DHCPDISCOVER:
                message = self.node.identity.discover(xid)
            case MessageType.DHCPREQUEST:
                message = self._request(xid)
            case _:
                raise ValueError(f"no case mutates a {message_type.name}")
        return WellFormedMessage(message, self.node.mac, self.segment)

    def _expected(self, case: MalformedCase, raw: RawMessages) -> Expectation:
        """The case's expectation.

        A message without a vendor class is a system's, which may be left alone. One without a message type
        is BOOTP's, by which a machine may be given the address reserved for it (RFC 1534 section 2).
        """
        is_system = Code.VENDOR_CLASS_IDENTIFIER not in raw.message.options
        if case.expected is Expectation.ANSWER and is_system and not self.segment.contract.serves_systems:
            return Expectation.EITHER
        is_bootp = raw.message.message_type is None
        if case.expected is Expectation.SILENCE and is_bootp and self.segment.contract.known_clients_only:
            return Expectation.EITHER
        return case.expected

    def _replies_of_server(self, exchange: Exchange) -> Exchange:
        """The exchange without the replies of other servers on the segment."""
        server = self.health.server.mac
        replies = (reply for reply in exchange.replies if reply.datagram.source_mac == server)
        return replace(exchange, replies=tuple(replies))

    def _request(self, xid: int) -> DhcpMessage:
        lease = self.node.lease
        if lease is None or lease.server_identifier is None:
            raise ValueError(f"edge node {self.node.mac} has no lease: boot() it first")
        return self.node.identity.select(xid, lease.address, lease.server_identifier)

    def _crash_report(self, case: MalformedCase, raw: RawMessages, error: NotAnswered) -> str:
        return f"{told(case, self._state(error))}\n{shown_frames(raw)}"

    def _state(self, error: NotAnswered) -> str:
        state = "; ".join(self.health.liveness_problems) or "the server runs, but does not answer"
        return f"{state}; {error}\nlast lines of its log:\n{self.health.last_lines}"


def reply_problems(case: MalformedCase, exchange: Exchange) -> tuple[str, ...]:
    """Deviations of the replies, or of their absence, from the case's expectation, as text."""
    replies = exchange.replies
    problems: list[str] = []
    if case.expected is Expectation.SILENCE and replies:
        problems.append(f"expected silence, received {_summary(replies)}")
    if case.expected is Expectation.ANSWER and not replies:
        problems.append(
            f"expected an answer, received nothing within {exchange.waited.total_seconds():.3f} s"
        )
    problems += [
        f"{reply.message.name} from {reply.sender} is malformed itself: {fault}"
        for reply in replies
        for fault in reply.message.options.faults
    ]
    return tuple(problems)


def told(case: MalformedCase, problem: str) -> str:
    """The problem with the case's name and its statement."""
    return f"{case.name} ({case.statement}): {problem}"


def shown_frames(raw: RawMessages) -> str:
    """The octets of the first frames sent, in hexadecimal."""
    shown = "\n".join(f"  {frame.hex()}" for frame in raw.frames[:_MAX_FRAMES_SHOWN])
    left = len(raw.frames) - _MAX_FRAMES_SHOWN
    return f"frames sent:\n{shown}" + (f"\n  and {left} more" if left > 0 else "")


def _summary(replies: tuple[Reply, ...]) -> str:
    return ", ".join(f"{reply.message.name} of {reply.address} from {reply.sender}" for reply in replies)
