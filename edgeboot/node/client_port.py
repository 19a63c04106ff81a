"""A DHCP client at a port: sends messages and collects their replies."""

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
from edgeboot.node.client_state import ClientEvent, ClientState
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.node.matching import Match, Mismatch, has_same_xid, reaches, read


@dataclass(frozen=True, slots=True)
class Route:
    """Source and destination address, destination MAC and UDP ports of a message."""

    source: IPv4Address
    destination: IPv4Address
    mac: MacAddress
    ports: tuple[int, int] = (CLIENT_PORT, SERVER_PORT)


BROADCAST_ROUTE: Final = Route(UNSPECIFIED, IPv4Address("255.255.255.255"), BROADCAST)
"""The route of a client without an address (RFC 2131 section 4.1)."""


_OVERHEARD: Final = 3
"""How many mismatched messages an exchange keeps."""


class Sentinel(Protocol):
    """A node that the server answers at once: its offer proves that earlier messages were read."""

    def discover(self, *, grace: timedelta | None = ...) -> Exchange:
        """Send a DHCPDISCOVER and collect the offers."""


@dataclass
class ClientPort:
    """Sends messages and collects the replies to them.

    Replies are matched by xid *and* chaddr; all within the window are kept, so that a
    second server is seen. ``on_exchange`` is called with every exchange, for the evidence.
    Only ``transact``, ``give_up`` and ``ignored`` change the client's state; ``exchange`` and ``send``
    do not, so that a test may send what no client would.
    """

    identity: EdgeNodeIdentity
    port: Port
    on_exchange: Callable[[Exchange], None] = lambda _: None
    client_state: ClientState = field(default_factory=ClientState)
    proxies: int = 0
    """How many ProxyDHCP servers answer its DHCPDISCOVER, in addition to the server with addresses."""
    _xids: random.Random = field(default_factory=random.Random)
    _overheard: list[str] = field(default_factory=list)

    @property
    def mac(self) -> MacAddress:
        """The node's Ethernet address and chaddr."""
        return self.identity.mac

    @property
    def lease(self) -> Reply | None:
        """The DHCPACK this node holds its address by."""
        return self.client_state.lease

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
            route: its addresses and ports.
            grace: how long to listen for other servers after the first replies; None to stop at once.
            replies: how many to wait for; None for one, and one of each proxy.
            proxies: how many ProxyDHCP servers are expected to answer, too.
            within: time limit for the first reply, from the first transmission.
            retransmit_every: interval of retransmission until a reply comes; None to send once.
        """
        self.port.pending()  # A frame received before the message is not a reply to it.
        started, sent, last = time.monotonic(), self.send(message, route), Deadline.after(within)
        enough = replies or 1 + proxies
        received = self._listen(message, Deadline.after(retransmit_every or within), enough=enough)
        while not received and not last.passed:
            self.send(message, route)
            received = self._listen(message, Deadline.after(retransmit_every or within), enough=enough)
        if received and grace is not None:
            received += self._listen(message, Deadline.after(grace))
        return self._concluded(message, sent, started, received, proxies=proxies)

    def answers_to(self, message: DhcpMessage, sent: Frame, within: timedelta) -> Exchange:
        """The replies to a message that was sent before, and came since or come within this time."""
        started = time.monotonic() - (time.time() - sent.at)
        replies = self._listen(message, Deadline.after(within))
        return self._concluded(message, sent, started, replies)

    def send(self, message: DhcpMessage, route: Route = BROADCAST_ROUTE) -> Frame:
        """Send a message without waiting for replies."""
        return self.port.send(self._frame(message, route))

    def transact(
        self,
        message: DhcpMessage,
        *events: ClientEvent,
        route: Route = BROADCAST_ROUTE,
        grace: timedelta | None = Wait.GRACE,
    ) -> Exchange:
        """Send the DHCPREQUEST that comes with ``events``; its first reply decides the client's next state.

        Raises:
            IllegalTransition: the client's state allows no such step; nothing was sent.
        """
        asking = self.client_state.after(*events)
        exchange = self.exchange(message, route=route, grace=grace)
        self.client_state = asking.concluded(exchange)
        return exchange

    def give_up(self, event: ClientEvent) -> None:
        """End the client's lease by ``event``; the caller sends the message for it to the server.

        Raises:
            IllegalTransition: there is no lease to give up.
        """
        self.client_state = self.client_state.after(event)

    def ignored(
        self, message: DhcpMessage, sentinel: Sentinel, *, route: Route = BROADCAST_ROUTE
    ) -> Exchange:
        """Send a message that must stay unanswered, and prove the silence.

        Afterwards the sentinel, a node the server answers at once, sends a DHCPDISCOVER: its offer
        proves that the server has read the message. Then the node listens for as long again, and
        for ``Wait.GRACE`` at least, in case the server answers out of order.

        Raises:
            NotAnswered: the sentinel got no offer.
        """
        exchange = self._witnessed(message, [self._frame(message, route)], sentinel, reaches)
        for reply in exchange.replies:
            if reply.message.message_type is MessageType.DHCPACK and reply.address != UNSPECIFIED:
                self.client_state = self.client_state.granted(reply)
        return exchange

    def send_raw(
        self,
        frames: Sequence[bytes],
        message: DhcpMessage,
        sentinel: Sentinel,
        *,
        answer_within: timedelta | None = None,
    ) -> Exchange:
        """Send frames unchanged, and collect the replies, or prove their absence as ``ignored`` does.

        Args:
            frames: at least one.
            message: what can be decoded of them. Replies are matched by its xid alone: a malformed
                message may have no usable chaddr.
            sentinel: as for ``ignored``.
            answer_within: how much longer to wait for a first reply that must come: a server may
                answer others while it pings this client's address. None where none must come.

        Raises:
            NotAnswered: the sentinel got no offer. The exchange is recorded all the same.
        """
        return self._witnessed(message, frames, sentinel, has_same_xid, answer_within)

    def relay(
        self, message: DhcpMessage, sentinel: Sentinel, *, answer_within: timedelta | None = None
    ) -> Exchange:
        """Forward a relayed message to the server of this node's lease, from port 67.

        The absence of replies is proven as ``ignored`` does; replies are matched by xid. One that
        must come is waited for as by ``send_raw``: the server may have to ask for the relay's MAC
        address first, and does not for the sentinel's.

        Raises:
            ValueError: the node has no lease, so no address to relay from.
        """
        route = replace(self.route_to_server, ports=(SERVER_PORT, SERVER_PORT))
        return self.send_raw([self._frame(message, route)], message, sentinel, answer_within=answer_within)

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
        self,
        message: DhcpMessage,
        frames: Sequence[bytes],
        sentinel: Sentinel,
        match: Match,
        answer_within: timedelta | None = None,
    ) -> Exchange:
        self.port.pending()
        started = time.monotonic()
        sent = [self.port.send(frame) for frame in frames]
        try:
            _ = sentinel.discover(grace=None).offer
        finally:
            waited = timedelta(seconds=time.monotonic() - started)
            replies = self._listen(message, Deadline.after(Wait.GRACE), match=match)
            if not replies and waited > Wait.GRACE:
                replies = self._listen(message, Deadline.after(waited - Wait.GRACE), match=match)
            if not replies and answer_within is not None:
                replies = self._listen(message, Deadline.after(answer_within), enough=1, match=match)
            exchange = self._concluded(message, sent[0], started, replies, awaited=False)
        return exchange

    def _listen(
        self,
        message: DhcpMessage,
        deadline: Deadline,
        *,
        enough: int | None = None,
        match: Match = reaches,
    ) -> list[Reply]:
        replies: list[Reply] = []
        while len(replies) != enough and (frame := self.port.receive(deadline)) is not None:
            own = message.ciaddr if self.lease is None else self.lease.address
            if own != UNSPECIFIED:
                arp.answer(self.port, frame, own)
            match read(message, frame, match):
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

    def _frame(self, message: DhcpMessage, route: Route) -> bytes:
        own_port, port = route.ports
        ends = ((route.source, own_port), (route.destination, port))
        return udp_frame(self.mac, route.mac, *ends, message.encode())

    def new_xid(self) -> int:
        """A random transaction identifier."""
        return self._xids.getrandbits(32)
