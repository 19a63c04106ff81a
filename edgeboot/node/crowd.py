"""Many clients at one port: what takes a pool of addresses to its end, and gives it back."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.machine.wire.port import Port
from edgeboot.node.client_port import Sentinel
from edgeboot.node.edge_node import EdgeNode


@dataclass
class Crowd:
    """Clients with numbered identities of one group, all speaking from one port."""

    port: Port
    server_identifier: IPv4Address
    group: int
    members: list[EdgeNode] = field(default_factory=list)
    _xids: random.Random = field(default_factory=random.Random)

    def take(self, addresses: Iterable[IPv4Address]) -> None:
        """Each address by a client of its own, by a DHCPREQUEST alone.

        A DHCPDISCOVER would be answered after a ping of 3 s each; a server that is asked for
        a free address in its own name gives it at once (RFC 2131 section 4.3.2).

        Raises:
            NotAnswered: one of them was not given.
        """
        for address in addresses:
            identity = EdgeNodeIdentity.numbered(len(self.members) + 1, self.group)
            member = EdgeNode(identity, self.port)
            self._take(member, address)

    def take_what_is_offered(self, sentinel: Sentinel) -> None:
        """An address for each new client, until one is offered nothing: for a server that reserves.

        Raises:
            NotAnswered: the sentinel got no offer, or an offered address was not given.
        """
        while True:
            member = EdgeNode(EdgeNodeIdentity.numbered(len(self.members) + 1, self.group), self.port)
            exchange = member.ignored(member.identity.discover(self._xids.getrandbits(32)), sentinel)
            if not exchange.replies:
                return
            self._take(member, exchange.offer.address)

    def _take(self, member: EdgeNode, address: IPv4Address) -> None:
        xid = self._xids.getrandbits(32)
        request = member.identity.select(xid, address, self.server_identifier)
        member.lease = member.exchange(request, stragglers=None).ack
        self.members.append(member)

    def give_back(self, count: int | None = None) -> list[IPv4Address]:
        """Release so many leases, the last first; all without a number. Returns the addresses."""
        leaving = self.members[-count:] if count is not None else self.members
        self.members = self.members[: len(self.members) - len(leaving)]
        given_back = [member.held.address for member in leaving]
        for member in leaving:
            member.release()
        return given_back
