"""The network segment of the edge nodes: its contract and the addresses in use on it."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from edgeboot.base.mac import MacAddress
from edgeboot.spec.contract.contract import Contract


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment's contract, the MAC address of the server under test and the bridge's address."""

    contract: Contract
    server_mac: MacAddress
    bridge: IPv4Address
    """libvirt's own address on the bridge, from which its DHCP service would answer."""
    server_addresses: tuple[IPv4Address, ...] = ()
    """Every address of the server's interface, in the kernel's order; empty where that is not known."""

    @property
    def server(self) -> IPv4Address:
        """The address of the server under test."""
        return self.contract.server_identifier

    @property
    def unused_address(self) -> IPv4Address:
        """The highest address of the network that is neither in the pool nor used by the contract.

        Raises:
            ValueError: the network has no such address.
        """
        terms, proxy = self.contract, self.contract.proxy
        known = {self.server, self.bridge, terms.next_server, *terms.routers, *terms.reserved_addresses}
        if proxy is not None:
            known.add(proxy.address_server)
        network = IPv4Network(f"{self.server}/{terms.netmask}", strict=False)
        for number in range(int(network.broadcast_address) - 1, int(network.network_address), -1):
            address = IPv4Address(number)
            if address not in terms.pool and address not in known:
                return address
        raise ValueError(f"every address of {network} is in use")
