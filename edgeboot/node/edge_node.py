"""An edge node on the segment: an identity at a port, speaking DHCP."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from ipaddress import IPv4Address

from edgeboot.base.deadline import Wait
from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.machine.wire import arp
from edgeboot.machine.wire.neighbour import Neighbour
from edgeboot.node.client_port import ClientPort
from edgeboot.node.exchange import Exchange, Reply


@dataclass
class EdgeNode(ClientPort):
    """Sends the messages of its identity, from its first DHCPDISCOVER to its last DHCPRELEASE."""

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
        stragglers: Wait | None = Wait.GRACE,
        replies: int | None = None,
        within: Wait | timedelta = Wait.OFFER,
    ) -> Exchange:
        """Broadcast a DHCPDISCOVER and collect the offers (RFC 2131 section 4.4.1).

        Waits for the first reply up to ``within``, then for others up to ``stragglers``;
        None is content with the first. ``broadcast`` is the B flag; None leaves it to the
        node's client.
        """
        message = self.identity.discover(
            self.new_xid(), broadcast=broadcast, requested_address=requested_address, lease_time=lease_time
        )
        return self.exchange(
            message, stragglers=stragglers, replies=replies, proxies=self.proxies, within=within
        )

    def request(
        self,
        offer: Reply,
        *,
        broadcast: bool | None = None,
        lease_time: timedelta | None = None,
    ) -> Exchange:
        """Take an offer with a DHCPREQUEST that carries the offer's xid (RFC 2131 table 4)."""
        message = self.selecting(offer, broadcast=broadcast, lease_time=lease_time)
        exchange = self.exchange(message)
        if len(exchange.replies) == 1 and exchange.replies[0].message.name == "DHCPACK":
            self.lease = exchange.replies[0]
            # As RFC 2131 section 4.4.1 has it. The server's kernel may still be looking for the
            # address in vain, for the ping check, and would drop what is sent there meanwhile.
            arp.announce(self.port, self.lease.address)
        return exchange

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
        """Give the lease back (RFC 2131 section 4.4.6); nothing is answered to that.

        A node without a lease does nothing.
        """
        if self.lease is None:
            return
        way = self.route_to_server
        message = self.identity.release(self.new_xid(), way.source, way.destination)
        self.lease = None
        self.send(message, way)

    def neighbour(self, address: IPv4Address) -> Neighbour | None:
        """Find a host on the segment from this node's leased address; None when absent.

        Raises:
            ValueError: the node has no lease, so no address to ask from.
        """
        return Neighbour.find(self.port, self.held.address, address)

    def owners(self, address: IPv4Address) -> tuple[MacAddress, ...]:
        """Every machine that answers ARP for ``address``; raises ValueError without a lease."""
        return Neighbour.owners(self.port, self.held.address, address)
