"""Addresses that no node, or no other machine, can have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from edgeboot.dhcp.message import LIMITED_BROADCAST
from edgeboot.spec.contract.address_pool import AddressPool
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.contradictions.contradiction import Contradiction
from edgeboot.spec.contract.relayed import RelayedNetwork

_POINT_TO_POINT: Final = 31
"""Prefix length from which on no address of a network is kept for the network itself (RFC 3021)."""


def misplaced(terms: Contract) -> Iterator[Contradiction]:
    """Addresses of the segment and of relayed networks that are outside of them, or somebody else's.

    A ProxyDHCP may be in another network than its nodes: only what is relayed is compared then.
    """
    if terms.proxy is None:
        yield from _of_the_server(terms)
        yield from _of_reservations(terms)
        if not terms.known_clients_only:
            yield from _of_a_pool("pool", terms.pool, terms.network, {terms.server_identifier: "the server"})
    for number, each in enumerate(terms.relayed):
        yield from _of_a_relay(f"relayed.{number}", each)


def _of_the_server(terms: Contract) -> Iterator[Contradiction]:
    network, server = terms.network, terms.server_identifier
    kept = _kept(network)
    if server in kept:
        yield Contradiction(
            "server_identifier", f"{server} is {kept[server]} of {network}", "state the server's own address"
        )
    stated = terms.broadcast_address
    if network.prefixlen < _POINT_TO_POINT and stated != LIMITED_BROADCAST and stated not in network:
        yield Contradiction(
            "broadcast_address",
            f"{stated} is not in {network}, the network of {server} with {terms.netmask}",
            f"state {network.broadcast_address}, or correct netmask",
        )


def _of_reservations(terms: Contract) -> Iterator[Contradiction]:
    taken = {terms.server_identifier: "the server's own address"}
    taken |= {address: f"{what} of {terms.network}" for address, what in _kept(terms.network).items()}
    for each in terms.reservations:
        if each.address in taken:
            yield Contradiction(
                "reservations",
                f"{each.address} is reserved for {each}, and is {taken[each.address]}",
                "reserve another address, or leave that machine out",
            )


def _of_a_pool(
    field: str, pool: AddressPool, network: IPv4Network, machines: Mapping[IPv4Address, str]
) -> Iterator[Contradiction]:
    if not pool.lies_in(network):
        yield Contradiction(
            field,
            f"{pool} is not in {network}, the network of its nodes",
            "correct the pool, or netmask and server_identifier",
        )
    not_leased = {address: f"{what}'s own address" for address, what in machines.items()} | _kept(network)
    for address, what in not_leased.items():
        if address in pool:
            yield Contradiction(
                field,
                f"{pool} has {address}, {what}, which no node can be given",
                f'except it: except = ["{address}"]',
            )


def _of_a_relay(field: str, relayed: RelayedNetwork) -> Iterator[Contradiction]:
    if relayed.pool is None:
        return
    yield from _of_a_pool(f"{field}.pool", relayed.pool, relayed.network, {})
    hosts = [address for address in relayed.network.hosts() if address not in relayed.pool]
    if not hosts:
        yield Contradiction(
            f"{field}.pool",
            f"{relayed.pool} is all of {relayed.network}: there is no address for the relay",
            "leave the relay's address out",
        )


def _kept(network: IPv4Network) -> dict[IPv4Address, str]:
    """The addresses of a network that no machine has, and what they are."""
    if network.prefixlen >= _POINT_TO_POINT:
        return {}
    return {
        network.network_address: "the number",
        network.broadcast_address: "the broadcast address",
    }
