"""What a node does with a lease after it got one (RFC 2131 sections 4.4.3 to 4.4.6, table 4)."""

from __future__ import annotations

from ipaddress import IPv4Address

from edgeboot.edge_node import EdgeNode, Way
from edgeboot.exchange import Exchange, Reply
from edgeboot.mac import BROADCAST


def renew(node: EdgeNode) -> Exchange:
    """At T1: ask the server that gave the lease, by unicast, for more time.

    Raises:
        ValueError: the node has no lease.
    """
    lease = held(node)
    return _extend(node, lease, way_to_server(node))


def rebind(node: EdgeNode) -> Exchange:
    """At T2: ask everybody for more time; raises as ``renew`` does."""
    lease = held(node)
    everybody = Way(lease.address, IPv4Address("255.255.255.255"), BROADCAST)
    return _extend(node, lease, everybody)


def reboot(node: EdgeNode, address: IPv4Address) -> Exchange:
    """After a start: ask everybody whether a remembered address is still good."""
    return node.exchange(node.identity.reboot(node.new_xid(), address))


def inform(node: EdgeNode) -> Exchange:
    """Ask the server for configuration only, from the address held; raises as ``renew`` does."""
    message = node.identity.inform(node.new_xid(), held(node).address)
    return node.exchange(message, way=way_to_server(node))


def decline(node: EdgeNode, sentinel: EdgeNode) -> IPv4Address:
    """Refuse the address held: another host uses it. Nothing is answered to that.

    Returns the address. The sentinel's answered DHCPDISCOVER proves that the server has read it.

    Raises:
        ValueError: the node has no lease.
    """
    lease, node.lease = held(node), None
    identifier = lease.server_identifier or lease.datagram.source
    message = node.identity.decline(node.new_xid(), lease.address, identifier)
    node.ignored(message, sentinel)
    return lease.address


def way_to_server(node: EdgeNode) -> Way:
    """Unicast from the address held to the server that gave it; raises as ``renew`` does."""
    lease = held(node)
    return Way(lease.address, lease.server_identifier or lease.datagram.source, lease.datagram.source_mac)


def held(node: EdgeNode) -> Reply:
    """The DHCPACK the node holds its address by.

    Raises:
        ValueError: it has none.
    """
    if node.lease is None:
        raise ValueError(f"edge node {node.mac} has no lease: boot() it first")
    return node.lease


def _extend(node: EdgeNode, lease: Reply, way: Way) -> Exchange:
    return node.exchange(node.identity.extend(node.new_xid(), lease.address), way=way)
