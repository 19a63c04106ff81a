"""Comparison of how a message is answered: by what, from whom, where to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from ipaddress import IPv4Address

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.report.rogue_servers import SERVERS
from edgeboot.report.value_check import ValueCheck, senders
from edgeboot.report.values import shown_value


class ReplyCheck(ValueCheck):
    """Comparisons of replies; each raises AssertionError, whose only argument is the ``Finding``."""

    __slots__ = ()

    def replies(self, exchange: Exchange, expected: Sequence[MessageType] = ()) -> None:
        """The replies to a message are of these types, in this order; none by default."""
        __tracebackhide__ = True
        names, received = [each.name for each in expected], [each.message.name for each in exchange.replies]
        told = f"{exchange.summary}: expected {names or 'no answer'}, answered by {senders(exchange)}"
        if received:
            told += f" with {', '.join(received)}"
        holds = exchange.answers == list(expected)
        self.that(holds, exchange, "answer", tuple(received), tuple(names), told)

    def answered_by(self, servers: int, exchange: Exchange) -> None:
        """So many replies have come."""
        __tracebackhide__ = True
        count = len(exchange.replies)
        told = f"{count} replies to {exchange.summary}, expected {servers}: {senders(exchange)}"
        self.value(exchange, SERVERS, count, servers, told)

    def sent_to(self, reply: Reply, address: IPv4Address, mac: MacAddress) -> None:
        """The reply went to this IP and Ethernet address."""
        __tracebackhide__ = True
        received = (reply.datagram.destination, reply.datagram.destination_mac)
        self.value(reply, "destination", received, (address, mac))

    def lacks(self, reply: Reply, codes: Collection[int]) -> None:
        """The reply carries none of these options."""
        __tracebackhide__ = True
        present = frozenset(codes) & frozenset(reply.message.options.codes)
        told = f"a {reply.message.name} with {shown_value(present)} from {reply.sender}"
        self.value(reply, "options", present, frozenset(), told)
