"""A port that sends DHCP messages and collects the replies to them."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.base.mac import MacAddress
from edgeboot.base.waiting import waiting
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import CLIENT_PORT, MessageType
from edgeboot.host.wire import arp
from edgeboot.host.wire.fragments import Reassembly
from edgeboot.host.wire.frame import Frame
from edgeboot.host.wire.port import Port
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.node.matching import Match, Mismatch, read
from edgeboot.node.route import BROADCAST_ROUTE, Route

_OVERHEARD: Final = 3
"""How many mismatched messages an exchange keeps."""


@dataclass
class MessagePort:
    """Sends any message, and keeps nothing of a client's state.

    Replies are matched by xid *and* chaddr; all within the window are kept, so that a
    second server is seen. ``on_exchange`` is called with every exchange, for the evidence.
    """

    identity: EdgeNodeIdentity
    port: Port
    on_exchange: Callable[[Exchange], None] = lambda _: None
    _xids: random.Random = field(default_factory=random.Random, kw_only=True)
    _overheard: list[str] = field(default_factory=list, kw_only=True)
    _reassembly: Reassembly = field(default_factory=Reassembly, kw_only=True)

    @property
    def mac(self) -> MacAddress:
        """The node's Ethernet address and chaddr."""
        return self.identity.mac

    def exchange(
        self,
        message: DhcpMessage,
        *,
        route: Route = BROADCAST_ROUTE,
        grace: timedelta | None = Wait.GRACE,
        replies: int | None = None,
        proxies: int = 0,
        within: timedelta = Wait.OFFER,
        retransmit_every: timedelta | None = None,
    ) -> Exchange:
        """Send any message and collect its replies; a node with a lease answers ARP meanwhile.

        Args:
            message: the message to send.
            route: its addresses and ports; replies are awaited on the port that it is sent from.
            grace: how long to listen for other servers after the first replies; None to stop at once.
            replies: how many to wait for; None for one, and one of each proxy.
            proxies: how many ProxyDHCP servers are expected to answer, too.
            within: time limit for the first reply, from the first transmission.
            retransmit_every: interval of retransmission until a reply comes; None to send once.
        """
        self.port.pending()  # A frame received before the message is not a reply to it.
        started, sent, last = time.monotonic(), self.send(message, route), Deadline.after(within)
        enough, port = replies or 1 + proxies, route.ports[0]
        with waiting(*awaited(message, within)):
            received = self._listen(
                message, Deadline.after(retransmit_every or within), enough=enough, port=port
            )
            while not received and not last.passed:
                self.send(message, route)
                received = self._listen(
                    message, Deadline.after(retransmit_every or within), enough=enough, port=port
                )
        if received and grace is not None:
            with waiting("replies of other servers", grace):
                received += self._listen(message, Deadline.after(grace), port=port)
        return self._concluded(message, sent, started, received, proxies=proxies)

    def answers_to(self, message: DhcpMessage, sent: Frame, within: timedelta) -> Exchange:
        """The replies to a message that was sent before, and came since or come within this time."""
        started = time.monotonic() - (time.time() - sent.at)
        with waiting(f"every reply to a {message.name}", within):
            replies = self._listen(message, Deadline.after(within))
        return self._concluded(message, sent, started, replies)

    def send(self, message: DhcpMessage, route: Route = BROADCAST_ROUTE) -> Frame:
        """Send a message without waiting for replies."""
        return self.port.send(route.frame(self.mac, message))

    def own_address(self, message: DhcpMessage) -> IPv4Address:
        """The address for which ARP is answered while replies to a message are awaited."""
        return message.ciaddr

    def new_xid(self) -> int:
        """A random transaction identifier."""
        return self._xids.getrandbits(32)

    def _listen(
        self,
        message: DhcpMessage,
        deadline: Deadline,
        *,
        enough: int | None = None,
        match: Match | None = None,
        port: int = CLIENT_PORT,
    ) -> list[Reply]:
        replies: list[Reply] = []
        while len(replies) != enough and (frame := self.port.receive(deadline)) is not None:
            own = self.own_address(message)
            if own != UNSPECIFIED:
                arp.answer(self.port, frame, own)
            whole = self._reassembly.whole(frame)
            if whole is None:
                continue
            match read(message, whole, match, port=port):
                case Reply() as reply:
                    replies.append(reply)
                case Mismatch(reason):
                    self._overheard.append(reason)
        return replies

    def _concluded(
        self,
        message: DhcpMessage,
        sent: Frame,
        started: float,
        replies: list[Reply],
        *,
        awaited: bool = True,
        proxies: int = 0,
    ) -> Exchange:
        waited = timedelta(seconds=time.monotonic() - started)
        exchange = Exchange(message, sent, tuple(replies), waited, awaited, proxies, self._take_overheard())
        self.on_exchange(exchange)
        return exchange

    def _take_overheard(self) -> tuple[str, ...]:
        """The latest mismatched messages since the last exchange, without duplicates."""
        overheard, self._overheard = tuple(dict.fromkeys(self._overheard)), []
        return overheard[-_OVERHEARD:]


def awaited(message: DhcpMessage, within: timedelta) -> tuple[str, timedelta, tuple[str, timedelta] | None]:
    """What the reply to a message is called, for who watches the run.

    An offer that has not come at once is held up by a ping check in most cases: that is said as long
    as one takes.
    """
    if message.message_type is not MessageType.DHCPDISCOVER:
        return f"a reply to a {message.name}", within, None
    first = ("ping check of a new address", Wait.PING_CHECK) if within > Wait.PING_CHECK else None
    return "an offer", within, first
