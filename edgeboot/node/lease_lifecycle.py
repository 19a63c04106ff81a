"""What a node does with a lease after it got one (RFC 2131 sections 4.4.3 to 4.4.6, table 4)."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address

from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.node.client_port import BROADCAST_ROUTE, Route
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange


def renew(node: EdgeNode) -> Exchange:
    """At T1: ask the server that gave the lease, by unicast, for more time.

    Raises:
        ValueError: the node has no lease.
    """
    return _extend(node, node.route_to_server)


def rebind(node: EdgeNode) -> Exchange:
    """At T2: ask everybody for more time; raises as ``renew`` does."""
    return _extend(node, replace(BROADCAST_ROUTE, source=node.held.address))


def reboot(node: EdgeNode, address: IPv4Address) -> Exchange:
    """After a start: ask everybody whether a remembered address is still good."""
    return node.exchange(node.identity.reboot(node.new_xid(), address))


def inform(node: EdgeNode) -> Exchange:
    """Ask the server for configuration only, from the address held; raises as ``renew`` does."""
    message = node.identity.inform(node.new_xid(), node.held.address)
    return node.exchange(message, way=node.route_to_server)


def decline(node: EdgeNode, sentinel: EdgeNode) -> IPv4Address:
    """Refuse the address held: another host uses it. Nothing is answered to that.

    Returns the address. The sentinel's answered DHCPDISCOVER proves that the server has read it.

    Raises:
        ValueError: the node has no lease.
    """
    way = node.route_to_server
    node.lease = None
    node.ignored(node.identity.decline(node.new_xid(), way.source, way.destination), sentinel)
    return way.source


def _extend(node: EdgeNode, way: Route) -> Exchange:
    exchange = node.exchange(node.identity.extend(node.new_xid(), way.source), way=way)
    if exchange.replies and exchange.replies[0].message.message_type is MessageType.DHCPACK:
        node.lease = exchange.replies[0]
    return exchange
