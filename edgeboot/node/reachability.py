"""Whether a node reaches an address that its lease names: ARP on its segment, else its router's."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from edgeboot.dhcp.client_routes import ClientRoutes
from edgeboot.host.wire.neighbour import Neighbour
from edgeboot.node.edge_node import EdgeNode

_TRIES: Final = 2
"""A client's kernel asks more than once, too; one frame may be lost."""


@dataclass(frozen=True, slots=True)
class Path:
    """The way to an address, or why there is none."""

    address: IPv4Address
    host: Neighbour | None
    """The address with the MAC that frames to it are sent to: its own, or the router's."""
    router: IPv4Address | None = None
    """None if it is on the node's segment."""
    problem: str | None = None
    outside: bool = False
    """Whether the lease itself leaves no way to it, whoever is on the segment."""


def path_to(node: EdgeNode, address: IPv4Address, routes: ClientRoutes) -> Path:
    """Look for an address from the node's leased one; raises ValueError without a lease."""
    network = IPv4Network(f"{node.held.address}/{node.held.netmask or _HOST}", strict=False)
    if routes.is_on_link(address, network):
        host = _find(node, address)
        problem = None if host else "nobody on the segment has it (no ARP reply)"
        return Path(address, host, problem=problem)
    router = routes.router_to(address)
    if router is None or not routes.is_on_link(router, network):
        lacking = "no router to it" if router is None else f"as router {router}, which is outside, too"
        problem = f"it is outside of {network}, and the lease names {lacking}"
        # With a mask of 32 bits a site means routers that are reached without being in the network.
        return Path(address, None, router, problem, outside=network.prefixlen < _HOST.max_prefixlen)
    gateway = _find(node, router)
    if gateway is None:
        return Path(address, None, router, f"nobody on the segment has {router}, the router to it")
    return Path(address, Neighbour(node.port, node.held.address, address, gateway.mac), router)


_HOST: Final = IPv4Address("255.255.255.255")


def _find(node: EdgeNode, address: IPv4Address) -> Neighbour | None:
    return next(filter(None, (node.neighbour(address) for _ in range(_TRIES))), None)
