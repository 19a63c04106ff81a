"""A client's side of the wire: messages sent from a port, and what comes back for them."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final, Protocol

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT, MessageType
from edgeboot.machine.wire import arp
from edgeboot.machine.wire.frame import Frame, udp_frame
from edgeboot.machine.wire.port import Port
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.node.matching import Match, mismatch, reply_by_xid, reply_to


@dataclass(frozen=True, slots=True)
class Route:
    """From which address a message is sent, and to whom."""

    source: IPv4Address
    destination: IPv4Address
    mac: MacAddress
    ports: tuple[int, int] = (CLIENT_PORT, SERVER_PORT)


BROADCAST_ROUTE: Final = Route(UNSPECIFIED, IPv4Address("255.255.255.255"), BROADCAST)
"""As a client without an address sends (RFC 2131 section 4.1)."""


_OVERHEARD: Final = 3
"""How many of the messages that were no answer are told."""


class Sentinel(Protocol):
    """A node that the server answers at once: its offer proves that what came before has been read."""

    def discover(self, *, stragglers: Wait | None = ...) -> Exchange:
        """Ask, and be answered."""


@dataclass
class ClientPort:
    """Sends messages and collects what comes back for them.

    Replies are matched by xid *and* chaddr; all of them within the window are kept, so a
    second server shows. ``on_exchange`` is told of every exchange, for the evidence.
    """

    identity: EdgeNodeIdentity
    port: Port
    on_exchange: Callable[[Exchange], None] = lambda _: None
    lease: Reply | None = None
    """The DHCPACK this node holds its address by."""
    proxies: int = 0
    """How many ProxyDHCP servers answer its DHCPDISCOVER beside the server with addresses."""
    _xids: random.Random = field(default_factory=random.Random)
    _overheard: list[str] = field(default_factory=list)

    @property
    def mac(self) -> MacAddress:
        """The node's Ethernet address and chaddr."""
        return self.identity.mac

    def exchange(
        self,
        message: DhcpMessage,
        *,
        way: Route = BROADCAST_ROUTE,
        stragglers: Wait | None = Wait.GRACE,
        replies: int | None = None,
        proxies: int = 0,
        within: Wait | timedelta = Wait.OFFER,
    ) -> Exchange:
        """Send any message and collect its replies; a node with a lease answers ARP meanwhile.

        ``proxies`` ProxyDHCP servers are expected to answer it, too. ``replies`` is how many are
        waited for, before the stragglers; None for one, and one of each proxy. ``within`` is how
        long the first may take.
        """
        self.port.pending()  # What came before the question is no answer to it.
        started, sent = time.monotonic(), self.send(message, way)
        heard = self._listen(message, Deadline.after(within), enough=replies or 1 + proxies)
        if heard and stragglers is not None:
            heard += self._listen(message, Deadline.after(stragglers))
        return self._concluded(message, sent, started, heard, proxies=proxies)

    def send(self, message: DhcpMessage, way: Route = BROADCAST_ROUTE) -> Frame:
        """Put a message on the wire and wait for nothing."""
        return self.port.send(self._frame(message, way))

    def ignored(self, message: DhcpMessage, sentinel: Sentinel, *, way: Route = BROADCAST_ROUTE) -> Exchange:
        """Send a message that must stay unanswered, and prove the silence.

        The sentinel, a node the server answers at once, asks after it; when the
        sentinel has its offer the server has worked through what came before. Then the
        same time again is listened, and no less than ``Wait.STRAGGLERS``, for a server that
        answers out of order.

        Raises:
            NotAnswered: the sentinel got no offer.
        """
        exchange = self._witnessed(message, [self._frame(message, way)], sentinel, reply_to)
        for reply in exchange.replies:
            if reply.message.message_type is MessageType.DHCPACK and reply.address != UNSPECIFIED:
                self.lease = reply  # What was granted all the same is to be given back.
        return exchange

    def send_raw(self, frames: Sequence[bytes], message: DhcpMessage, sentinel: Sentinel) -> Exchange:
        """Send frames as they are, and prove what they were answered, if anything, as ``ignored`` does.

        Args:
            frames: at least one.
            message: what can be read of them. Replies are matched by its xid alone: a bent
                message may carry no chaddr that could be matched.
            sentinel: as for ``ignored``.

        Raises:
            NotAnswered: the sentinel got no offer. The exchange has been told of all the same.
        """
        return self._witnessed(message, frames, sentinel, reply_by_xid)

    def relay(self, message: DhcpMessage, sentinel: Sentinel) -> Exchange:
        """Pass a relayed message on to the server of this node's lease, from port 67.

        What is answered, if anything, is proven as ``ignored`` does; replies are matched by xid.

        Raises:
            ValueError: the node has no lease, so no address to relay from.
        """
        way = replace(self.route_to_server, ports=(SERVER_PORT, SERVER_PORT))
        return self.send_raw([self._frame(message, way)], message, sentinel)

    @property
    def route_to_server(self) -> Route:
        """Unicast from the leased address to the server that gave it; raises as ``held`` does."""
        lease = self.held
        return Route(
            lease.address, lease.server_identifier or lease.datagram.source, lease.datagram.source_mac
        )

    @property
    def held(self) -> Reply:
        """The DHCPACK the node holds its address by.

        Raises:
            ValueError: the node has no lease.
        """
        if self.lease is None:
            raise ValueError(f"edge node {self.mac} has no lease: boot() it first")
        return self.lease

    def _witnessed(
        self, message: DhcpMessage, frames: Sequence[bytes], sentinel: Sentinel, match: Match
    ) -> Exchange:
        self.port.pending()
        started = time.monotonic()
        sent = [self.port.send(frame) for frame in frames]
        try:
            _ = sentinel.discover(stragglers=None).offer
        finally:
            waited = timedelta(seconds=time.monotonic() - started)
            replies = self._listen(message, Deadline.after(Wait.GRACE), match=match)
            if not replies:
                replies = self._listen(message, Deadline.after(waited - Wait.GRACE.limit), match=match)
            exchange = self._concluded(message, sent[0], started, replies, awaited=False)
        return exchange

    def _listen(
        self,
        message: DhcpMessage,
        deadline: Deadline,
        *,
        enough: int | None = None,
        match: Match | None = None,
    ) -> list[Reply]:
        replies: list[Reply] = []
        while len(replies) != enough and (frame := self.port.receive(deadline)) is not None:
            own = message.ciaddr if self.lease is None else self.lease.address
            if own != UNSPECIFIED:
                arp.answer(self.port, frame, own)
            reply = (match or reply_to)(message, frame)
            if reply is not None:
                replies.append(reply)
            elif (other := mismatch(message, frame)) is not None:
                self._overheard.append(other)
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
        exchange = Exchange(message, sent, tuple(replies), waited, awaited, proxies, self._heard_beside())
        self.on_exchange(exchange)
        return exchange

    def _heard_beside(self) -> tuple[str, ...]:
        """What was overheard since the last exchange, each once, the latest few."""
        heard, self._overheard = tuple(dict.fromkeys(self._overheard)), []
        return heard[-_OVERHEARD:]

    def _frame(self, message: DhcpMessage, way: Route) -> bytes:
        own_port, port = way.ports
        ends = ((way.source, own_port), (way.destination, port))
        return udp_frame(self.mac, way.mac, *ends, message.encode())

    def new_xid(self) -> int:
        """A transaction identifier never used before, as far as chance allows."""
        return self._xids.getrandbits(32)
