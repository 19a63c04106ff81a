"""The exchanges of a PXE client from its DHCPDISCOVER to the URL of the boot file.

Where the offers name no file, or show a menu, the client first obtains an address and then asks
boot servers (PXE 2.1 sections 2.2.3 and 2.2.4; EDK2 PxeBcRetryBinlOffer, EfiPxeBcDiscover).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address

from edgeboot.base.deadline import Wait
from edgeboot.base.errors import NotAnswered
from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.dhcp.firmware import Boot, BootRequest, NoBoot, boots_from
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, SERVER_PORT
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.node.route import BROADCAST_ROUTE, Route


@dataclass(frozen=True, slots=True)
class Asked:
    """A boot request and what came of it."""

    request: BootRequest
    exchange: Exchange | None
    """None if nobody on the segment has the boot server's address, so that nothing was sent."""

    @property
    def replies(self) -> tuple[Reply, ...]:
        """The replies that reached the client, in order of arrival."""
        return () if self.exchange is None else self.exchange.replies

    @property
    def received(self) -> str:
        """A short description of the replies, or of what came in their place."""
        if self.exchange is None:
            return f"nothing: nobody on the segment has {self.request.server} (no ARP reply)"
        return self.exchange.received


@dataclass(frozen=True, slots=True)
class PxeBoot:
    """The exchanges of one PXE boot and its outcome."""

    discovery: Exchange
    """DHCPDISCOVER and the offers."""
    ack: Reply
    """The DHCPACK of the lease."""
    boot_requests: tuple[Asked, ...]
    """What boot servers were asked; empty if the client needed none."""
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


def boot_outcome(node: EdgeNode, replies: Sequence[Reply]) -> tuple[tuple[Asked, ...], Boot | NoBoot]:
    """What the node's client boots after these offers, and what it asks boot servers if it has to.

    Where it boots nothing since a boot server does not answer, the reason says what came instead.

    Raises:
        ValueError: a boot server has to be asked, but the node has no lease.
    """
    client, offers = node.identity.client, [reply.message for reply in replies]
    asked: list[Asked] = []
    outcome = boots_from(client, offers)
    while len(outcome.requests) > len(asked):
        asked.append(_ask(node, outcome.requests[len(asked)]))
        answers = [[reply.message for reply in each.replies] for each in asked]
        outcome = boots_from(client, offers, from_boot_servers=answers)
    if isinstance(outcome, NoBoot) and asked and not asked[-1].replies:
        outcome = replace(outcome, reason=f"{outcome.reason}; received {asked[-1].received}")
    return tuple(asked), outcome


def replies_read(offers: Sequence[Reply], asked: Sequence[Asked]) -> tuple[Reply, ...]:
    """The replies in which the client may read a file's name: of a menu's boot server, if it has answered.

    ``asked`` is what ``boot_outcome`` returns for the offers.
    """
    chosen = [each for each in asked if each.request.item]
    if chosen and chosen[-1].replies:
        return chosen[-1].replies
    return (*offers, *(reply for each in asked for reply in each.replies))


def ask_boot_server(node: EdgeNode, request: BootRequest) -> Exchange:
    """Send a boot request, a DHCPREQUEST from the node's address and the port of its client.

    Raises:
        NotAnswered: no machine on the segment has the boot server's address.
        ValueError: the node has no lease.
    """
    message, route = boot_request(node, request)
    # One server answers once; to a group or by broadcast, firmware waits for others.
    grace = Wait.OTHER_SERVERS if _is_for_several(request) else Wait.GRACE
    return node.exchange(message, route=route, within=Wait.BOOT_SERVER, grace=grace)


def boot_request(node: EdgeNode, request: BootRequest) -> tuple[DhcpMessage, Route]:
    """The DHCPREQUEST for a boot server and its route; raises as ``ask_boot_server``."""
    address, server = node.held.address, request.server
    message = node.identity.ask_boot_server(node.new_xid(), address, request)
    if server is None:
        ports = (request.client_port, SERVER_PORT)
        return message, Route(address, BROADCAST_ROUTE.destination, BROADCAST, ports)
    mac = _group_mac(server) if server.is_multicast else _mac(node, server)
    if mac is None:
        raise NotAnswered(
            f"nobody on the segment has {server} (no ARP reply), so nobody serves port {BOOT_SERVER_PORT}"
        )
    return message, Route(address, server, mac, (request.client_port, BOOT_SERVER_PORT))


def _ask(node: EdgeNode, request: BootRequest) -> Asked:
    try:
        return Asked(request, ask_boot_server(node, request))
    except NotAnswered:
        return Asked(request, None)


def _mac(node: EdgeNode, address: IPv4Address) -> MacAddress | None:
    host = node.neighbour(address)
    return None if host is None else host.mac


def _group_mac(group: IPv4Address) -> MacAddress:
    """The Ethernet address of a multicast group: its low 23 bits (RFC 1112 section 6.4)."""
    return MacAddress((0x01005E000000 | int(group) & 0x7FFFFF).to_bytes(6, "big"))


def _is_for_several(request: BootRequest) -> bool:
    return request.server is None or request.server.is_multicast
