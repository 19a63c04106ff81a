"""The network segment of the edge nodes: its contract and the addresses in use on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.spec.contract.address_pool import AddressPool
from edgeboot.spec.contract.contract import Contract

_PRIVATE: Final = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "198.18.0.0/15")))
_CANDIDATES: Final = (
    *map(IPv4Network, ("203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24")),
    *(subnet for network in _PRIVATE for subnet in network.subnets(new_prefix=20)),
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment's contract, the MAC address of the server under test and the bridge's address."""

    contract: Contract
    server_mac: MacAddress
    bridge: IPv4Address
    """libvirt's own address on the bridge, from which its DHCP service would answer."""
    server_addresses: tuple[IPv4Address, ...] = ()
    """Every address of the server's interface, in the kernel's order; empty where that is not known."""
    leased: frozenset[IPv4Address] = frozenset()
    """Addresses of the pool that somebody has, as far as is known."""

    @property
    def server(self) -> IPv4Address:
        """The address of the server under test."""
        return self.contract.server_identifier

    @property
    def unused_address(self) -> IPv4Address:
        """The highest address of the network that is neither in the pool nor used by the contract.

        Where the pool has every other address, the highest one that is not leased.

        Raises:
            ValueError: the network has no such address.
        """
        unused = (address for address in self._hosts() if address not in self.contract.pool)
        found = next(unused, None) or next(self._hosts(), None)
        if found is None:
            raise ValueError(f"every address of {self.contract.network} is in use")
        return found

    def vacant(self, preferred: IPv4Interface) -> IPv4Interface:
        """The address for another machine: the preferred one, unless the contract leases or uses it.

        Raises:
            ValueError: it does, and so it does with every other.
        """
        if preferred.ip not in self._used and preferred.ip not in self.contract.pool:
            return preferred
        return IPv4Interface((self.unused_address, preferred.network.prefixlen))

    def _hosts(self) -> Iterator[IPv4Address]:
        """The addresses of the network that are not known to be used, the highest first."""
        network, used = self.contract.network, self._used
        for number in range(int(network.broadcast_address) - 1, int(network.network_address), -1):
            if IPv4Address(number) not in used:
                yield IPv4Address(number)

    @property
    def _used(self) -> frozenset[IPv4Address]:
        """Those of machines that the contract or the lab names, and those that are leased."""
        terms = self.contract
        known = {self.server, self.bridge, terms.next_server, terms.address_server, *self.server_addresses}
        return frozenset(known).union(terms.routers, terms.reserved_addresses, self.leased)

    @property
    def foreign_address(self) -> IPv4Address:
        """As the function of this name.

        Raises:
            ValueError: the contract names every network.
        """
        address = foreign_address(self.contract, self.bridge)
        if address is None:
            raise ValueError("the contract names every network: no address is foreign to it")
        return address


def foreign_address(terms: Contract, bridge: IPv4Address) -> IPv4Address | None:
    """An address of a network that the contract has nothing to do with; the bridge is not in it either.

    Of those for documentation (RFC 5737), unless the contract names them; else of a private network.
    None where the contract names every network, as with relays of 0.0.0.0/0.
    """
    named = {terms.server_identifier, bridge, terms.next_server, terms.address_server, *terms.routers}
    named |= {address for pool in _pools(terms) for address in (pool.first, pool.last)}
    networks = {terms.network, *terms.served_networks}
    for candidate in _CANDIDATES:
        taken = any(candidate.overlaps(each) for each in networks)
        if not taken and not any(address in candidate for address in named):
            return candidate[7]
    return None


def _pools(terms: Contract) -> Iterator[AddressPool]:
    yield terms.pool
    yield from (each.pool for each in terms.relayed if each.pool is not None)
