"""The segment of an edge node: the terms that hold there, and the addresses of who belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from edgeboot.base.mac import MacAddress
from edgeboot.spec.contract.contract import Contract


@dataclass(frozen=True, slots=True)
class Segment:
    """What is known of the segment: the terms, and the addresses of who belongs there."""

    contract: Contract
    server_mac: MacAddress
    bridge: IPv4Address
    """libvirt's own address on the bridge, from which its DHCP would answer."""

    @property
    def server(self) -> IPv4Address:
        """The server under test's address."""
        return self.contract.server_identifier

    @property
    def nobody(self) -> IPv4Address:
        """The last address outside the pool that the terms give nobody.

        Raises:
            ValueError: they give every address to somebody.
        """
        terms, proxy = self.contract, self.contract.proxy
        known = {self.server, self.bridge, terms.next_server, *terms.routers}
        if proxy is not None:
            known.add(proxy.address_server)
        network = IPv4Network(f"{self.server}/{terms.netmask}", strict=False)
        for number in range(int(network.broadcast_address) - 1, int(network.network_address), -1):
            address = IPv4Address(number)
            if address not in terms.pool and address not in known:
                return address
        raise ValueError(f"every address of {network} is somebody's")
