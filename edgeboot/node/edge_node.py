"""An edge node on the segment: an identity at a port, and its way to a lease and back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from ipaddress import IPv4Address

from edgeboot.base.deadline import Wait
from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.host.wire import arp
from edgeboot.host.wire.neighbour import Neighbour
from edgeboot.node.client_port import ClientPort
from edgeboot.node.client_state import ClientEvent
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.node.route import Route


@dataclass
class EdgeNode(ClientPort):
    """A client with an identity: sends its messages, from DHCPDISCOVER to DHCPRELEASE."""

    def asking_for(self, parameters: tuple[int, ...] | None) -> EdgeNode:
        """The same node with another parameter request list (option 55); None sends none."""
        return replace(self, identity=replace(self.identity, parameters=parameters))

    def as_client(self, client: ClientProfile) -> EdgeNode:
        """The same machine at the same port, running another client of the table."""
        return replace(self, identity=self.identity.as_client(client))

    def discover(
        self,
        *,
        broadcast: bool | None = None,
        requested_address: IPv4Address | None = None,
        lease_time: timedelta | None = None,
        grace: timedelta | None = Wait.GRACE,
        replies: int | None = None,
        within: timedelta = Wait.OFFER,
        retransmit_every: timedelta | None = None,
    ) -> Exchange:
        """Broadcast a DHCPDISCOVER and collect the offers (RFC 2131 section 4.4.1).

        ``broadcast`` is the B flag; None leaves it to the node's client. The rest is as for
        ``exchange``. A node without a lease that gets an offer is then ``SELECTING``; one whose
        client sends option 80 may be given its lease at once (RFC 4039).
        """
        selecting = self.client_state.after(ClientEvent.DISCOVER)
        message = self.identity.discover(
            self.new_xid(), broadcast=broadcast, requested_address=requested_address, lease_time=lease_time
        )
        exchange = self.exchange(
            message,
            grace=grace,
            replies=replies,
            proxies=self.proxies,
            within=within,
            retransmit_every=retransmit_every,
        )
        self.client_state = selecting.offered(exchange)
        return exchange

    def request(
        self,
        offer: Reply,
        *,
        broadcast: bool | None = None,
        lease_time: timedelta | None = None,
    ) -> Exchange:
        """Take an offer with a DHCPREQUEST that carries the offer's xid (RFC 2131 table 4).

        Raises:
            IllegalTransition: the node has sent no DHCPDISCOVER.
        """
        exchange = self.transact(
            self.selecting(offer, broadcast=broadcast, lease_time=lease_time), ClientEvent.REQUEST
        )
        if self.lease in exchange.replies:
            # RFC 2131 section 4.4.1. The server's kernel may still be looking for the address, for
            # the ping check, and would drop what is sent there meanwhile.
            arp.announce(self.port, self.held.address)
        return exchange

    def select(self, address: IPv4Address, server_identifier: IPv4Address) -> Exchange:
        """Request an address from a server as if it had offered it; only the first reply is awaited."""
        message = self.identity.select(self.new_xid(), address, server_identifier)
        return self.transact(message, ClientEvent.DISCOVER, ClientEvent.REQUEST, grace=None)

    def selecting(
        self, offer: Reply, *, broadcast: bool | None = None, lease_time: timedelta | None = None
    ) -> DhcpMessage:
        """The DHCPREQUEST that takes an offer."""
        identifier = offer.server_identifier or offer.datagram.source
        return self.identity.select(
            offer.message.xid, offer.address, identifier, broadcast=broadcast, lease_time=lease_time
        )

    def boot(
        self, *, lease_time: timedelta | None = None, requested_address: IPv4Address | None = None
    ) -> Reply:
        """DISCOVER, OFFER, REQUEST, ACK; returns the ACK.

        Raises:
            NotAnswered: one of the two exchanges did not end with its one reply.
        """
        offer = self.discover(lease_time=lease_time, requested_address=requested_address).offer
        return self.request(offer, lease_time=lease_time).ack

    def release(self) -> None:
        """Send the DHCPRELEASE of the lease, which is not answered; a no-op without a lease."""
        if self.lease is not None:
            self.send(*self.releasing())

    def releasing(self) -> tuple[DhcpMessage, Route]:
        """The DHCPRELEASE of the lease (RFC 2131 section 4.4.6) and its route; the node has no lease then.

        Raises:
            ValueError: the node has no lease.
        """
        route = self.route_to_server
        self.give_up(ClientEvent.RELEASE)
        return self.identity.release(self.new_xid(), route.source, route.destination), route

    def neighbour(self, address: IPv4Address) -> Neighbour | None:
        """The host on the segment that has ``address``, probed from the leased address; None if absent.

        Raises:
            ValueError: the node has no lease, so no address to probe from.
        """
        return Neighbour.find(self.port, self.held.address, address)

    def owners(self, address: IPv4Address) -> tuple[MacAddress, ...]:
        """Every machine that answers ARP for ``address``; raises ValueError without a lease."""
        return Neighbour.owners(self.port, self.held.address, address)
