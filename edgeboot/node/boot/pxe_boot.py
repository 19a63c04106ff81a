"""The way of a PXE client from its DHCPDISCOVER to the boot file's name, whoever tells it.

Where a ProxyDHCP offers no file, the client takes an address first and then asks that
server on port 4011 (PXE 2.1 section 2.2.3; EDK2 PxeBcRetryBinlOffer).
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
class BootWalk:
    """Every step of one boot; ``asked`` is None where nothing had to be asked on port 4011."""

    discovered: Exchange
    ack: Reply
    asked: Exchange | None
    outcome: Boot | NoBoot


def walk(node: EdgeNode) -> BootWalk:
    """DISCOVER, offers, REQUEST, ACK, and the question on port 4011 where the client would ask it.

    Raises:
        NotAnswered: no address was given, or by more servers than belong to the segment.
    """
    discovered = node.discover()
    ack = node.request(discovered.offer).ack
    asked, outcome = conclude(node, discovered.replies)
    return BootWalk(discovered, ack, asked, outcome)


def conclude(node: EdgeNode, replies: Sequence[Reply]) -> tuple[Exchange | None, Boot | NoBoot]:
    """What the node's client boots after these offers, and the exchange on port 4011 that it took.

    Raises:
        ValueError: port 4011 is to be asked, and the node has no lease to ask from.
    """
    messages = [reply.message for reply in replies]
    outcome = boots_from(node.identity.client, messages)
    if outcome.boot_server is None or node.neighbour(outcome.boot_server) is None:
        return None, outcome  # Nobody to ask, or nobody there who could answer.
    asked = ask_boot_server(node, outcome.boot_server)
    answer: DhcpMessage | None = asked.replies[0].message if asked.replies else None
    if answer is None:
        return asked, outcome
    return asked, boots_from(node.identity.client, messages, from_4011=answer)


def ask_boot_server(node: EdgeNode, server: IPv4Address) -> Exchange:
    """The boot request: the node's DHCPREQUEST from its address to port 4011 of a server.

    Raises:
        NotAnswered: nobody on the segment has that address.
        ValueError: the node has no lease.
    """
    message, route = boot_request(node, server)
    return node.exchange(message, route=route)


def boot_request(node: EdgeNode, server: IPv4Address) -> tuple[DhcpMessage, Route]:
    """That DHCPREQUEST and its route; raises as ``ask_boot_server``."""
    host = node.neighbour(server)
    if host is None:
        raise NotAnswered(f"nobody on the segment has {server} (no ARP reply), so nobody serves port 4011")
    address = node.held.address
    route = Route(address, server, host.mac, ports=(CLIENT_PORT, BOOT_SERVER_PORT))
    return node.identity.extend(node.new_xid(), address), route
