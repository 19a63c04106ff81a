"""The address pools of a dnsmasq.conf, and whether they are exhausted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import AddressValueError, IPv4Address

from edgeboot.server.dnsmasq.config import Directive, directives
from edgeboot.spec.contract.terms import AddressPool
from edgeboot.spec.manifests.deployment import ServerConfig


def pools(config: ServerConfig) -> Iterator[tuple[Directive, AddressPool]]:
    """Every dhcp-range with two ends in order; those of a proxy or for fixed addresses have none."""
    for each in directives(config.text):
        ends = [address for word in each.value.split(",")[:5] if (address := _address(word)) is not None]
        if each.name == "dhcp-range" and len(ends) >= 2 and ends[0] <= ends[1]:
            yield each, AddressPool(first=ends[0], last=ends[1])


def exhaustion(config: ServerConfig, leased: Iterable[IPv4Address]) -> str | None:
    """``pool exhausted: 3 of 3 leased``; None while an address is left, or where there is no pool."""
    configured, taken = [pool for _, pool in pools(config)], set(leased)
    size = sum(len(pool) for pool in configured)
    used = sum(1 for address in taken if any(address in pool for pool in configured))
    return f"pool exhausted: {used} of {size} leased" if size and used >= size else None


def _address(word: str) -> IPv4Address | None:
    try:
        return IPv4Address(word.strip())
    except AddressValueError:
        return None
