"""Whether a pool of addresses is used up, by the server's own configuration and book."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address

from edgeboot.server.dnsmasq.config import directives
from edgeboot.spec.manifests.deployment import ServerConfig


@dataclass(frozen=True, slots=True)
class Pool:
    """A ``dhcp-range``: the addresses a server may give, both ends included."""

    first: IPv4Address
    last: IPv4Address

    def __len__(self) -> int:
        return int(self.last) - int(self.first) + 1

    def __contains__(self, address: object) -> bool:
        return isinstance(address, IPv4Address) and self.first <= address <= self.last


def pools(config: ServerConfig) -> tuple[Pool, ...]:
    """Every dhcp-range with two ends; those of a proxy or for fixed addresses have none."""
    found: list[Pool] = []
    for each in directives(config.text):
        ends = [address for word in each.value.split(",")[:5] if (address := _address(word)) is not None]
        if each.name == "dhcp-range" and len(ends) >= 2 and ends[0] <= ends[1]:
            found.append(Pool(ends[0], ends[1]))
    return tuple(found)


def exhaustion(config: ServerConfig, leased: Iterable[IPv4Address]) -> str | None:
    """The words for pools of which nothing is left; None while there is an address, or no pool."""
    configured, given = pools(config), set(leased)
    size = sum(len(pool) for pool in configured)
    used = sum(1 for address in given if any(address in pool for pool in configured))
    return f"pool exhausted: {used} of {size} leased" if size and used >= size else None


def _address(word: str) -> IPv4Address | None:
    try:
        return IPv4Address(word.strip())
    except AddressValueError:
        return None
