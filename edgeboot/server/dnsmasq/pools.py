"""The address pools of a dnsmasq.conf, and whether they are exhausted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import AddressValueError, IPv4Address

from edgeboot.server.dnsmasq.config import Directive, directives
from edgeboot.spec.contract.address_pool import AddressPool
from edgeboot.spec.manifests.deployment import ServerConfig


def pools(config: ServerConfig) -> Iterator[tuple[Directive, AddressPool]]:
    """Every dhcp-range with a first and a last address; a proxy's and those for fixed addresses lack them."""
    for directive in directives(config.text):
        parts = directive.value.split(",")[:5]
        ends = [address for part in parts if (address := _address(part)) is not None]
        if directive.name == "dhcp-range" and len(ends) >= 2 and ends[0] <= ends[1]:
            yield directive, AddressPool(first=ends[0], last=ends[1])


def exhaustion(config: ServerConfig, leased: Iterable[IPv4Address]) -> str | None:
    """``pool exhausted: 3 of 3 leased``; None while an address is free, or without a pool."""
    configured, taken = [pool for _, pool in pools(config)], set(leased)
    size = sum(len(pool) for pool in configured)
    used = sum(1 for address in taken if any(address in pool for pool in configured))
    return f"pool exhausted: {used} of {size} leased" if size and used >= size else None


def _address(text: str) -> IPv4Address | None:
    try:
        return IPv4Address(text.strip())
    except AddressValueError:
        return None
