"""Many clients at one port: they use up a pool of addresses and give it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.host.wire.port import Port
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.witnessed_port import Sentinel


@dataclass
class Crowd:
    """Clients with numbered identities of one group, all at one port."""

    port: Port
    server_identifier: IPv4Address
    group: int
    members: list[EdgeNode] = field(default_factory=list)

    def take(self, addresses: Iterable[IPv4Address]) -> None:
        """Lease each address to a client of its own, by a DHCPREQUEST alone.

        A server that pings would take 3 s for each DHCPDISCOVER; it grants a free address at once
        to a DHCPREQUEST that names it (RFC 2131 section 4.3.2).

        Raises:
            NotAnswered: an address was not granted.
        """
        for address in addresses:
            self._take(self._next_member(), address)

    def is_granted(self, address: IPv4Address) -> bool:
        """Whether a client leases the address by a DHCPREQUEST alone; it is then a member."""
        member = self._next_member()
        member.select(address, self.server_identifier)
        if member.lease is not None:
            self.members.append(member)
        return member.lease is not None

    def take_what_is_offered(self, sentinel: Sentinel) -> None:
        """Lease one address after the other until a client gets no offer: for a server that reserves offers.

        Raises:
            NotAnswered: the sentinel got no offer, or an offered address was not granted.
        """
        while True:
            member = self._next_member()
            exchange = member.ignored(member.identity.discover(member.new_xid()), sentinel)
            if not exchange.replies:
                return
            self._take(member, exchange.offer.address)

    def _next_member(self) -> EdgeNode:
        return EdgeNode(EdgeNodeIdentity.numbered(len(self.members) + 1, self.group), self.port)

    def _take(self, member: EdgeNode, address: IPv4Address) -> None:
        _ = member.select(address, self.server_identifier).ack
        self.members.append(member)

    def give_back(self, count: int | None = None) -> list[IPv4Address]:
        """Release the last ``count`` leases, or all; returns their addresses."""
        leaving = self.members[-count:] if count is not None else self.members
        self.members = self.members[: len(self.members) - len(leaving)]
        released = [member.held.address for member in leaving]
        for member in leaving:
            member.release()
        return released
