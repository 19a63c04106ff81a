"""An edge node on the segment: an identity at a port, speaking DHCP."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final

from edgeboot.deadline import Deadline, Wait
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.message import BOOTREPLY, UNSPECIFIED, DhcpMessage, MalformedMessage
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT
from edgeboot.exchange import Exchange, Reply
from edgeboot.mac import BROADCAST, MacAddress
from edgeboot.segment.frame import Frame, dissect, udp_frame
from edgeboot.segment.neighbour import Neighbour
from edgeboot.segment.port import Port

_LIMITED_BROADCAST: Final = IPv4Address("255.255.255.255")

Match = Callable[[DhcpMessage, Frame], Reply | None]
"""Tells whether a frame is a reply to a message."""


@dataclass
class EdgeNode:
    """Sends the messages of its identity and collects what comes back for it.

    Replies are matched by xid *and* chaddr; all of them within the window are kept, so a
    second server shows. ``on_exchange`` is told of every exchange, for the evidence.
    """

    identity: EdgeNodeIdentity
    port: Port
    on_exchange: Callable[[Exchange], None] = lambda _: None
    lease: Reply | None = None
    """The DHCPACK this node holds its address by."""
    _xids: random.Random = field(default_factory=random.Random)

    @property
    def mac(self) -> MacAddress:
        """The node's Ethernet address and chaddr."""
        return self.identity.mac

    def asking_for(self, parameters: tuple[int, ...] | None) -> EdgeNode:
        """The same node with another parameter request list (option 55); None sends none."""
        return replace(self, identity=replace(self.identity, parameters=parameters))

    def discover(
        self,
        *,
        broadcast: bool = True,
        requested_address: IPv4Address | None = None,
        lease_time: timedelta | None = None,
        stragglers: Wait | None = Wait.STRAGGLERS,
    ) -> Exchange:
        """Broadcast a DHCPDISCOVER and collect the offers (RFC 2131 section 4.4.1).

        Waits for the first reply up to ``Wait.OFFER``, then for others up to ``stragglers``;
        None is content with the first.
        """
        message = self.identity.discover(
            self._xid(), broadcast=broadcast, requested_address=requested_address, lease_time=lease_time
        )
        return self.exchange(message, stragglers=stragglers)

    def request(
        self,
        offer: Reply,
        *,
        broadcast: bool = True,
        lease_time: timedelta | None = None,
    ) -> Exchange:
        """Take an offer with a DHCPREQUEST that carries the offer's xid (RFC 2131 table 4)."""
        identifier = offer.server_identifier or offer.datagram.source
        message = self.identity.select(
            offer.message.xid, offer.address, identifier, broadcast=broadcast, lease_time=lease_time
        )
        exchange = self.exchange(message)
        if len(exchange.replies) == 1 and exchange.replies[0].message.name == "DHCPACK":
            self.lease = exchange.replies[0]
        return exchange

    def boot(self, *, lease_time: timedelta | None = None) -> Reply:
        """DISCOVER, OFFER, REQUEST, ACK; returns the ACK.

        Raises:
            NotAnswered: one of the two exchanges did not end with its one reply.
        """
        offer = self.discover(lease_time=lease_time).offer
        return self.request(offer, lease_time=lease_time).ack

    def release(self) -> None:
        """Give the lease back (RFC 2131 section 4.4.6); nothing is answered to that.

        A node without a lease does nothing.
        """
        lease, self.lease = self.lease, None
        if lease is None or lease.server_identifier is None:
            return
        message = self.identity.release(self._xid(), lease.address, lease.server_identifier)
        self.port.send(
            self._frame(message, lease.address, lease.server_identifier, lease.datagram.source_mac)
        )

    def exchange(self, message: DhcpMessage, *, stragglers: Wait | None = Wait.STRAGGLERS) -> Exchange:
        """Broadcast any message and collect its replies."""
        started, sent = self._broadcast(message)
        replies = self._listen(message, Deadline.after(Wait.OFFER), enough=1)
        if replies and stragglers is not None:
            replies += self._listen(message, Deadline.after(stragglers))
        return self._concluded(message, sent, started, replies)

    def ignored(self, message: DhcpMessage, sentinel: EdgeNode) -> Exchange:
        """Send a message that must stay unanswered, and prove the silence.

        The sentinel, a node the server answers at once, asks after it; when the
        sentinel has its offer the server has worked through what came before. Then the
        same time again is listened, and no less than ``Wait.STRAGGLERS``, for a server that
        answers out of order.

        Raises:
            NotAnswered: the sentinel got no offer.
        """
        frame = self._frame(message, UNSPECIFIED, _LIMITED_BROADCAST, BROADCAST)
        return self._witnessed(message, [frame], sentinel, reply_to)

    def provoke(self, frames: Sequence[bytes], message: DhcpMessage, sentinel: EdgeNode) -> Exchange:
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

    def neighbour(self, address: IPv4Address) -> Neighbour | None:
        """Find a host on the segment from this node's leased address; None when absent.

        Raises:
            ValueError: the node has no lease, so no address to ask from.
        """
        if self.lease is None:
            raise ValueError(f"edge node {self.mac} has no lease: boot() it first")
        return Neighbour.find(self.port, self.lease.address, address)

    def _broadcast(self, message: DhcpMessage) -> tuple[float, Frame]:
        self.port.pending()  # What came before the question is no answer to it.
        frame = self._frame(message, UNSPECIFIED, _LIMITED_BROADCAST, BROADCAST)
        return time.monotonic(), self.port.send(frame)

    def _witnessed(
        self, message: DhcpMessage, frames: Sequence[bytes], sentinel: EdgeNode, match: Match
    ) -> Exchange:
        self.port.pending()
        started = time.monotonic()
        sent = [self.port.send(frame) for frame in frames]
        try:
            _ = sentinel.discover(stragglers=None).offer
        finally:
            waited = timedelta(seconds=time.monotonic() - started)
            replies = self._listen(message, Deadline.after(Wait.STRAGGLERS), match=match)
            if not replies:
                replies = self._listen(message, Deadline.after(waited - Wait.STRAGGLERS.limit), match=match)
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
            reply = (match or reply_to)(message, frame)
            if reply is not None:
                replies.append(reply)
        return replies

    def _concluded(
        self, message: DhcpMessage, sent: Frame, started: float, replies: list[Reply], *, awaited: bool = True
    ) -> Exchange:
        waited = timedelta(seconds=time.monotonic() - started)
        exchange = Exchange(message, sent, tuple(replies), waited, awaited)
        self.on_exchange(exchange)
        return exchange

    def _frame(
        self, message: DhcpMessage, source: IPv4Address, destination: IPv4Address, to: MacAddress
    ) -> bytes:
        return udp_frame(
            self.port.mac, to, (source, CLIENT_PORT), (destination, SERVER_PORT), message.encode()
        )

    def _xid(self) -> int:
        return self._xids.getrandbits(32)


def reply_to(request: DhcpMessage, frame: Frame) -> Reply | None:
    """The frame as a reply to ``request``: a BOOTREPLY with its xid and chaddr, else None."""
    reply = reply_by_xid(request, frame)
    if reply is None or reply.datagram.destination_port != CLIENT_PORT:
        return None
    return reply if reply.message.chaddr == request.chaddr else None


def reply_by_xid(request: DhcpMessage, frame: Frame) -> Reply | None:
    """The frame as a BOOTREPLY with the request's xid, to whichever chaddr and port, else None."""
    datagram = dissect(frame)
    if datagram is None:
        return None
    try:
        message = DhcpMessage.decode(datagram.payload)
    except MalformedMessage:
        return None
    if (message.op, message.xid) != (BOOTREPLY, request.xid):
        return None
    return Reply(message, datagram, frame)
