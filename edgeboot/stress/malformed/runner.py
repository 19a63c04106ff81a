"""Sends malformed messages to a server, and judges what it made of each."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from edgeboot.base.errors import NotAnswered, ServerDied
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.server.health import Health
from edgeboot.spec.contract.segment import Segment
from edgeboot.stress.malformed.case import Expectation, MalformedCase, RawMessages, WellFormedMessage

_LONGEST_SHOWN: Final = 4
_RUSHED: Final = 10
"""What a socket's buffer holds, whatever the messages are."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of one case; ``complaints`` is empty where all is well."""

    case: MalformedCase
    raw_messages: RawMessages
    exchange: Exchange
    complaints: tuple[str, ...]

    def __str__(self) -> str:
        return told(self.case, self.raw_messages, "; ".join(self.complaints))


@dataclass(frozen=True, slots=True)
class CaseRunner:
    """A node that sends, a sentinel, and the server's health before the first message.

    Both nodes hold a lease. The node's is held by client identifier and chaddr: a message in
    which either is bent is still a known client's, whose address dnsmasq does not ping for 3 s.
    """

    node: EdgeNode
    sentinel: EdgeNode
    health: Health
    segment: Segment
    _xids: random.Random = field(default_factory=random.Random)

    def run_case(self, case: MalformedCase, *, check_memory: bool = True) -> CaseResult:
        """Send the case's frames, and judge replies and health.

        ``check_memory`` looks at the server's memory too, which takes a while where it is a Pod.

        Raises:
            ServerDied: the sentinel is not answered any more.
        """
        raw_messages = case.send_raw(self.good(case.bent))
        try:
            exchange = self.node.send_raw(raw_messages.frames, raw_messages.message, self.sentinel)
        except NotAnswered as error:
            raise ServerDied(self._crash_report(case, raw_messages, error)) from error
        exchange = self._of_the_server(exchange)
        health = self.health.problems if check_memory else self.health.liveness_problems
        complaints = (*judged(case, exchange), *health)
        return CaseResult(case, raw_messages, exchange, complaints)

    def raw_messages_of(self, cases: Sequence[MalformedCase]) -> list[tuple[MalformedCase, RawMessages]]:
        """The cases' frames, for ``flood``."""
        return [(case, case.send_raw(self.good(case.bent))) for case in cases]

    def flood(self, raw_messages_of: Sequence[tuple[MalformedCase, RawMessages]]) -> None:
        """Send many cases for the sake of their number; the sentinel asks after every few.

        Raises:
            ServerDied: the sentinel is not answered any more.
        """
        for at in range(0, len(raw_messages_of), _RUSHED):
            few = raw_messages_of[at : at + _RUSHED]
            for _, raw_messages in few:
                for frame in raw_messages.frames:
                    self.node.port.send(frame)
            try:
                _ = self.sentinel.discover(grace=None).offer
            except NotAnswered as error:
                names = ", ".join(case.name for case, _ in few)
                raise ServerDied(f"one of {names}: {self._state(error)}") from error

    def good(self, kind: MessageType) -> WellFormedMessage:
        """The good message of a type, as the node would send it, with a new xid.

        Raises:
            ValueError: another type than DHCPDISCOVER and DHCPREQUEST.
        """
        xid = self._xids.getrandbits(32)
        match kind:
            case MessageType.DHCPDISCOVER:
                message = self.node.identity.discover(xid)
            case MessageType.DHCPREQUEST:
                message = self._request(xid)
            case _:
                raise ValueError(f"no {kind.name} is bent")
        return WellFormedMessage(message, self.node.mac, self.segment)

    def _of_the_server(self, exchange: Exchange) -> Exchange:
        """The exchange without what other servers of the segment said to it."""
        server = self.health.server.mac
        replies = (reply for reply in exchange.replies if reply.datagram.source_mac == server)
        return replace(exchange, replies=tuple(replies))

    def _request(self, xid: int) -> DhcpMessage:
        lease = self.node.lease
        if lease is None or lease.server_identifier is None:
            raise ValueError(f"edge node {self.node.mac} has no lease: boot() it first")
        return self.node.identity.select(xid, lease.address, lease.server_identifier)

    def _crash_report(self, case: MalformedCase, raw_messages: RawMessages, error: NotAnswered) -> str:
        return told(case, raw_messages, self._state(error))

    def _state(self, error: NotAnswered) -> str:
        state = "; ".join(self.health.liveness_problems) or "the server runs, and is deaf"
        return f"{state}; {error}\nits last words:\n{self.health.last_words}"


def judged(case: MalformedCase, exchange: Exchange) -> tuple[str, ...]:
    """What is wrong with the replies, or with there being none."""
    replies = exchange.replies
    found: list[str] = []
    if case.expected is Expectation.SILENCE and replies:
        found.append(f"expected silence, received {_shown(replies)}")
    if case.expected is Expectation.ANSWER and not replies:
        found.append(f"expected an answer, received nothing within {exchange.waited.total_seconds():.3f} s")
    found += [
        f"{reply.message.name} from {reply.sender} is malformed itself: {fault}"
        for reply in replies
        for fault in reply.message.options.faults
    ]
    return tuple(found)


def told(case: MalformedCase, raw_messages: RawMessages, complaint: str) -> str:
    """The complaint with the case, what it rests on, and the octets sent."""
    frames = raw_messages.frames
    shown = "\n".join(f"  {frame.hex()}" for frame in frames[:_LONGEST_SHOWN])
    more = f"\n  and {len(frames) - _LONGEST_SHOWN} more" if len(frames) > _LONGEST_SHOWN else ""
    return f"{case.name} ({case.statement}): {complaint}\nframes sent:\n{shown}{more}"


def _shown(replies: tuple[Reply, ...]) -> str:
    return ", ".join(f"{reply.message.name} of {reply.address} from {reply.sender}" for reply in replies)
