"""dnsmasq's lease file: one line a lease, ``EXPIRES MAC ADDRESS NAME CLIENT-ID``."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import IPv4Address

from edgeboot.labs.protocol import Lease
from edgeboot.mac import MacAddress


def parse_leases(text: str) -> tuple[Lease, ...]:
    """The DHCPv4 leases of the file; DHCPv6's part, headed by ``duid``, is left out."""
    leases: list[Lease] = []
    for line in text.splitlines():
        words = line.split()
        if words[:1] == ["duid"]:
            break
        if len(words) != 5:
            continue  # dnsmasq rewrites the file in place: a line may be half there.
        expires, mac, address, _, client_id = words
        leases.append(
            Lease(
                MacAddress.parse(mac.rpartition("-")[2]),
                IPv4Address(address),
                datetime.fromtimestamp(int(expires), UTC),
                None if client_id == "*" else client_id,
            )
        )
    return tuple(leases)
