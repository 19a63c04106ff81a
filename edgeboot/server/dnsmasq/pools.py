"""The address pools of a dnsmasq.conf, and whether they are exhausted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError

from edgeboot.server.dnsmasq.config import Directive, every_line
from edgeboot.spec.contract.address_pool import AddressRange
from edgeboot.spec.manifests.deployment import ServerConfig


def pools(config: ServerConfig) -> Iterator[tuple[Directive, AddressRange]]:
    """Every dhcp-range with a first and a last address; a proxy's and those for fixed addresses lack them."""
    for directive in every_line(config):
        ends = _addresses(directive)
        if directive.name == "dhcp-range" and len(ends) >= 2 and ends[0] <= ends[1]:
            yield directive, AddressRange(first=ends[0], last=ends[1])


def exhaustion(config: ServerConfig, leased: Iterable[IPv4Address]) -> str | None:
    """``pool exhausted: 3 of 3 leased``; None while each network has a free address, or without a pool.

    Ranges of one network are one pool; several networks are named.
    """
    networks: dict[IPv4Network | None, list[AddressRange]] = {}
    for directive, each in pools(config):
        networks.setdefault(network_of(directive), []).append(each)
    taken = set(leased)
    for network, ranges in networks.items():
        size = sum(map(len, ranges))
        used = sum(1 for address in taken if any(address in each for each in ranges))
        if used >= size:
            where = f" of {network}" if len(networks) > 1 and network is not None else ""
            return f"pool{where} exhausted: {used} of {size} leased"
    return None


def relay_in(network: IPv4Network, config: ServerConfig) -> IPv4Address | None:
    """The address of a relay for which there is a dhcp-range in this network; None without one."""
    for directive, each in pools(config):
        own = network_of(directive)
        inside = own if own is not None and own.subnet_of(network) else network
        if each.first in network:
            return next((address for address in inside.hosts() if address not in each), None)
    return None


def network_of(directive: Directive) -> IPv4Network | None:
    """The network of a dhcp-range that has a netmask; the others are of the interface's network."""
    first, _, *rest = _addresses(directive)
    try:
        return IPv4Network(f"{first}/{rest[0]}", strict=False) if rest else None
    except NetmaskValueError:
        return None


def _addresses(directive: Directive) -> list[IPv4Address]:
    parts = directive.value.split(",")[:5]
    return [address for part in parts if (address := _address(part)) is not None]


def _address(text: str) -> IPv4Address | None:
    try:
        return IPv4Address(text.strip())
    except AddressValueError:
        return None
