"""The exchanges of a PXE client from its DHCPDISCOVER to the URL of the boot file.

Where the offers name no file, or show a menu, the client first obtains an address and then asks
boot servers (PXE 2.1 sections 2.2.3 and 2.2.4; EDK2 PxeBcRetryBinlOffer, EfiPxeBcDiscover).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edgeboot.base.errors import NotAnswered
from edgeboot.base.mac import BROADCAST
from edgeboot.dhcp.clients import PXE_CLASS
from edgeboot.dhcp.firmware import Boot, BootRequest, NoBoot, boots_from
from edgeboot.dhcp.firmware.answers import has_vendor_class
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, CLIENT_PORT
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.node.route import BROADCAST_ROUTE, Route


@dataclass(frozen=True, slots=True)
class PxeBoot:
    """The exchanges of one PXE boot and its outcome."""

    discovery: Exchange
    """DHCPDISCOVER and the offers."""
    ack: Reply
    """The DHCPACK of the lease."""
    boot_requests: tuple[Exchange, ...]
    """The exchanges with boot servers; empty if the client needed none."""
    outcome: Boot | NoBoot


def pxe_boot(node: EdgeNode) -> PxeBoot:
    """DISCOVER, offers, REQUEST, ACK, and the boot requests if the client needs any.

    Raises:
        NotAnswered: no server leased an address, or more servers than the segment has.
    """
    discovery = node.discover()
    ack = node.request(discovery.offer).ack
    boot_requests, outcome = boot_outcome(node, discovery.replies)
    return PxeBoot(discovery, ack, boot_requests, outcome)


def boot_outcome(node: EdgeNode, replies: Sequence[Reply]) -> tuple[tuple[Exchange, ...], Boot | NoBoot]:
    """What the node's client boots after these offers, and the exchanges with boot servers if needed.

    Raises:
        ValueError: a boot server has to be asked, but the node has no lease.
    """
    offers = [reply.message for reply in replies]
    exchanges: list[Exchange] = []
    answers: list[DhcpMessage] = []
    outcome = boots_from(node.identity.client, offers)
    while len(outcome.requests) > len(answers):
        request = outcome.requests[-1]
        if request.server is not None and node.neighbour(request.server) is None:
            break  # It is not on the segment.
        exchanges.append(ask_boot_server(node, request))
        taken = [reply.message for reply in exchanges[-1].replies if _is_taken(reply, request)]
        if not taken:
            break
        answers.append(taken[0])
        outcome = boots_from(node.identity.client, offers, from_boot_servers=answers)
    return tuple(exchanges), outcome


def replies_read(
    offers: Sequence[Reply], exchanges: Sequence[Exchange], outcome: Boot | NoBoot
) -> tuple[Reply, ...]:
    """The replies in which the client may read a file's name: of a menu's boot server, if it has answered.

    The arguments after ``offers`` are what ``boot_outcome`` returns for them.
    """
    chosen = [exchange for exchange, sent in zip(exchanges, outcome.requests, strict=False) if sent.item]
    if chosen and chosen[-1].replies:
        return chosen[-1].replies
    return (*offers, *(reply for exchange in exchanges for reply in exchange.replies))


def ask_boot_server(node: EdgeNode, request: BootRequest) -> Exchange:
    """Send a boot request, a DHCPREQUEST from the node's address.

    Raises:
        NotAnswered: no machine on the segment has the boot server's address.
        ValueError: the node has no lease.
    """
    message, route = boot_request(node, request)
    return node.exchange(message, route=route)


def boot_request(node: EdgeNode, request: BootRequest) -> tuple[DhcpMessage, Route]:
    """The DHCPREQUEST for a boot server and its route; raises as ``ask_boot_server``."""
    address = node.held.address
    message = node.identity.ask_boot_server(node.new_xid(), address, request.item)
    if request.server is None:
        return message, Route(address, BROADCAST_ROUTE.destination, BROADCAST, BROADCAST_ROUTE.ports)
    host = node.neighbour(request.server)
    if host is None:
        raise NotAnswered(
            f"nobody on the segment has {request.server} (no ARP reply), "
            f"so nobody serves port {BOOT_SERVER_PORT}"
        )
    return message, Route(address, request.server, host.mac, ports=(CLIENT_PORT, BOOT_SERVER_PORT))


def _is_taken(reply: Reply, request: BootRequest) -> bool:
    """Whether the client takes it for a boot server's: a broadcast is answered by DHCP servers, too."""
    return request.server is not None or has_vendor_class(PXE_CLASS, reply.message)
