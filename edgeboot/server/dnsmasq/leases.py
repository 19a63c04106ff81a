"""dnsmasq's lease file: one line a lease, ``EXPIRES MAC ADDRESS NAME CLIENT-ID``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.errors import LeaseNotRecorded
from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.vocabulary import INFINITE_LEASE
from edgeboot.server.protocol import DhcpServer, Lease

NEVER: Final = datetime.max.replace(tzinfo=UTC)
"""When an infinite lease ends; the file has 0 for it."""


def parse_leases(text: str) -> tuple[Lease, ...]:
    """The DHCPv4 leases of the file; DHCPv6's part, headed by ``duid``, is left out."""
    leases: list[Lease] = []
    for line in text.splitlines():
        words = line.split()
        if words[:1] == ["duid"]:
            break
        if len(words) != 5:
            continue  # dnsmasq rewrites the file in place: a line may be incomplete.
        expires, mac, address, _, client_id = words
        try:
            client = MacAddress.parse(mac.rpartition("-")[2])
        except ValueError:
            continue  # Not on Ethernet, so no edge node.
        leases.append(
            Lease(
                client,
                IPv4Address(address),
                datetime.fromtimestamp(int(expires), UTC) if int(expires) else NEVER,
                None if client_id == "*" else client_id,
            )
        )
    return tuple(leases)


def recorded_lease(server: DhcpServer, address: IPv4Address) -> Lease:
    """The lease of an address in the server's lease database.

    Raises:
        LeaseNotRecorded: there is none.
    """
    leases = server.leases()
    for lease in leases:
        if lease.address == address:
            return lease
    held = ", ".join(str(lease.address) for lease in leases) or "none"
    raise LeaseNotRecorded(f"expected a lease of {address} in the server's lease database, which has {held}")


def recorded_time(server: DhcpServer, address: IPv4Address) -> timedelta:
    """How long the lease of an address will last by the lease database; raises LeaseNotRecorded."""
    expires = recorded_lease(server, address).expires
    return INFINITE_LEASE if expires == NEVER else expires - datetime.now(UTC)
