"""Static routes as options carry them: 121 and 249 to networks (RFC 3442), 33 to hosts (RFC 2132)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Self


@dataclass(frozen=True, slots=True, order=True)
class StaticRoute:
    """A destination and the router to it."""

    network: IPv4Network
    router: IPv4Address

    @classmethod
    def parse(cls, text: str) -> Self:
        """A route as people write it, ``10.99.0.0/24 via 192.168.99.10``; raises ValueError."""
        network, via, router = text.partition(" via ")
        if not via:
            raise ValueError(f"is no route such as 10.99.0.0/24 via 192.168.99.10, found {text!r}")
        return cls(IPv4Network(network.strip()), IPv4Address(router.strip()))

    @property
    def is_default(self) -> bool:
        """Whether it leads everywhere."""
        return self.network.prefixlen == 0

    def __str__(self) -> str:
        return f"{self.network} via {self.router}"


def classless_routes(data: bytes) -> tuple[StaticRoute, ...]:
    """The routes of option 121 or 249, in their order.

    Raises:
        ValueError: the data is no sequence of prefix length, significant octets and router.
    """
    return tuple(_classless(data))


def _classless(data: bytes) -> Iterator[StaticRoute]:
    at = 0
    while at < len(data):
        prefix = data[at]
        octets = (prefix + 7) // 8
        end = at + 1 + octets + 4
        if prefix > 32 or end > len(data):
            raise ValueError(f"no route at octet {at} of {data.hex(' ')}")
        destination = IPv4Address(data[at + 1 : at + 1 + octets].ljust(4, b"\0"))
        yield StaticRoute(IPv4Network((destination, prefix), strict=False), IPv4Address(data[end - 4 : end]))
        at = end


def host_routes(data: bytes) -> tuple[StaticRoute, ...]:
    """The routes of option 33, pairs of host and router, in their order.

    Raises:
        ValueError: the data is no sequence of pairs of addresses.
    """
    if len(data) % 8:
        raise ValueError(f"{len(data)} octets are no pairs of addresses")
    ends = [IPv4Address(data[at : at + 4]) for at in range(0, len(data), 4)]
    return tuple(
        StaticRoute(IPv4Network(host), router) for host, router in zip(ends[::2], ends[1::2], strict=True)
    )
