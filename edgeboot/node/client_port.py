"""A DHCP client at a port: its messages, and what their replies make of its lease."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from ipaddress import IPv4Address

from edgeboot.base.deadline import Wait
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import SERVER_PORT, MessageType
from edgeboot.node.client_state import ClientEvent, ClientState
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.node.route import BROADCAST_ROUTE, Route
from edgeboot.node.witnessed_port import Sentinel, WitnessedPort


@dataclass
class ClientPort(WitnessedPort):
    """A port with a client's state.

    Only ``transact``, ``give_up`` and ``ignored`` change it; ``exchange`` and ``send`` do not, so
    that a test may send what no client would. A client with a lease answers ARP for its address.
    """

    client_state: ClientState = field(default_factory=ClientState)
    proxies: int = 0
    """How many ProxyDHCP servers answer its DHCPDISCOVER, in addition to the server with addresses."""

    @property
    def lease(self) -> Reply | None:
        """The DHCPACK this node holds its address by."""
        return self.client_state.lease

    @property
    def held(self) -> Reply:
        """The DHCPACK the node holds its address by.

        Raises:
            ValueError: the node has no lease.
        """
        if self.lease is None:
            raise ValueError(f"edge node {self.mac} has no lease: boot() it first")
        return self.lease

    @property
    def route_to_server(self) -> Route:
        """Unicast from the leased address to the server that gave it; raises as ``held`` does."""
        lease = self.held
        return Route(
            lease.address, lease.server_identifier or lease.datagram.source, lease.datagram.source_mac
        )

    def own_address(self, message: DhcpMessage) -> IPv4Address:
        """The leased one; without a lease the one that the message says it has."""
        return message.ciaddr if self.lease is None else self.lease.address

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

    def conclude(self, exchange: Exchange, *events: ClientEvent) -> None:
        """Go on from the first reply to a DHCPREQUEST that came with ``events`` and went out elsewhere.

        Raises:
            IllegalTransition: the client's state allows no such step.
        """
        self.client_state = self.client_state.after(*events).concluded(exchange)

    def give_up(self, event: ClientEvent) -> None:
        """End the client's lease by ``event``; the caller sends the message for it to the server.

        Raises:
            IllegalTransition: there is no lease to give up.
        """
        self.client_state = self.client_state.after(event)

    def ignored(
        self, message: DhcpMessage, sentinel: Sentinel, *, route: Route = BROADCAST_ROUTE
    ) -> Exchange:
        """As ``unanswered``; a lease that comes all the same is held.

        Raises:
            NotAnswered: the sentinel got no offer.
        """
        exchange = self.unanswered(message, sentinel, route=route)
        for reply in exchange.replies:
            if reply.message.message_type is MessageType.DHCPACK and reply.address != UNSPECIFIED:
                self.client_state = self.client_state.granted(reply)
        return exchange

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
        return self.send_raw([route.frame(self.mac, message)], message, sentinel, answer_within=answer_within)
