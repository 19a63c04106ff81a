"""The exchanges of a PXE client from its DHCPDISCOVER to the URL of the boot file.

Where a ProxyDHCP server offers no file, the client first obtains an address and then asks
that server on port 4011 (PXE 2.1 section 2.2.3; EDK2 PxeBcRetryBinlOffer).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

from edgeboot.base.errors import NotAnswered
from edgeboot.dhcp.firmware import Boot, NoBoot, boots_from
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, CLIENT_PORT
from edgeboot.node.client_port import Route
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange, Reply


@dataclass(frozen=True, slots=True)
class PxeBoot:
    """The exchanges of one PXE boot and its outcome."""

    discovery: Exchange
    """DHCPDISCOVER and the offers."""
    ack: Reply
    """The DHCPACK of the lease."""
    boot_request: Exchange | None
    """The exchange on port 4011; None if the client did not need it."""
    outcome: Boot | NoBoot


def pxe_boot(node: EdgeNode) -> PxeBoot:
    """DISCOVER, offers, REQUEST, ACK, and the boot request on port 4011 if the client needs it.

    Raises:
        NotAnswered: no server leased an address, or more servers than the segment has.
    """
    discovery = node.discover()
    ack = node.request(discovery.offer).ack
    boot_server_exchange, outcome = boot_outcome(node, discovery.replies)
    return PxeBoot(discovery, ack, boot_server_exchange, outcome)


def boot_outcome(node: EdgeNode, replies: Sequence[Reply]) -> tuple[Exchange | None, Boot | NoBoot]:
    """What the node's client boots after these offers, and the exchange on port 4011 if needed.

    Raises:
        ValueError: port 4011 has to be asked, but the node has no lease.
    """
    messages = [reply.message for reply in replies]
    outcome = boots_from(node.identity.client, messages)
    if outcome.boot_server is None or node.neighbour(outcome.boot_server) is None:
        return None, outcome  # No boot server to ask, or it is not on the segment.
    exchange = ask_boot_server(node, outcome.boot_server)
    if not exchange.replies:
        return exchange, outcome
    return exchange, boots_from(node.identity.client, messages, from_4011=exchange.replies[0].message)


def ask_boot_server(node: EdgeNode, server: IPv4Address) -> Exchange:
    """Send the boot request, a DHCPREQUEST from the node's address to port 4011 of a server.

    Raises:
        NotAnswered: no machine on the segment has that address.
        ValueError: the node has no lease.
    """
    message, route = boot_request(node, server)
    return node.exchange(message, route=route)


def boot_request(node: EdgeNode, server: IPv4Address) -> tuple[DhcpMessage, Route]:
    """The DHCPREQUEST for port 4011 and its route; raises as ``ask_boot_server``."""
    host = node.neighbour(server)
    if host is None:
        raise NotAnswered(f"nobody on the segment has {server} (no ARP reply), so nobody serves port 4011")
    address = node.held.address
    route = Route(address, server, host.mac, ports=(CLIENT_PORT, BOOT_SERVER_PORT))
    return node.identity.extend(node.new_xid(), address), route
