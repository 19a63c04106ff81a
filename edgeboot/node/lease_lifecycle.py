"""A lease after it was granted: renew to decline (RFC 2131 sections 4.4.3 to 4.4.6, table 4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Address

from edgeboot.dhcp.relay import relayed
from edgeboot.host.wire import arp
from edgeboot.node.client_state import ClientEvent
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.node.route import BROADCAST_ROUTE, Route


def renew(node: EdgeNode) -> Exchange:
    """At T1: ask the server that gave the lease, by unicast, for more time.

    Raises:
        ValueError: the node has no lease.
    """
    route = node.route_to_server
    return node.transact(node.identity.extend(node.new_xid(), route.source), ClientEvent.T1, route=route)


def rebind(node: EdgeNode) -> Exchange:
    """At T2, after an unanswered renewal: ask any server for more time, by broadcast; raises as ``renew``."""
    route = replace(BROADCAST_ROUTE, source=node.held.address)
    message = node.identity.extend(node.new_xid(), route.source)
    return node.transact(message, ClientEvent.T1, ClientEvent.T2, route=route)


def extend_unrecorded(
    node: EdgeNode, sentinel: EdgeNode, address: IPv4Address, route: Route = BROADCAST_ROUTE
) -> Exchange:
    """Ask for more time of an address by a lease that the server has no record of.

    The node has announced the address, as it did when it got it (RFC 2131 section 4.4.1): the server's
    kernel may still know the MAC address of a node that had it before.
    """
    arp.announce(node.port, address)
    return node.ignored(node.identity.extend(node.new_xid(), address), sentinel, route=route)


def reboot(node: EdgeNode, remembered: IPv4Address | None = None) -> Exchange:
    """After a restart: ask all servers whether the remembered address, by default the leased, is still good.

    Raises as ``renew`` does. A refused node has no lease: it starts anew with a DHCPDISCOVER.
    """
    message = node.identity.reboot(node.new_xid(), remembered or node.held.address)
    return node.transact(message, ClientEvent.RESTART, ClientEvent.REQUEST)


def reboot_behind(
    relay: EdgeNode, node: EdgeNode, remembered: IPv4Address, sentinel: EdgeNode, answer_within: timedelta
) -> Exchange:
    """As ``reboot``, but ``relay`` passes the node's DHCPREQUEST on; the rest is as for ``relay``."""
    message = node.identity.reboot(node.new_xid(), remembered)
    forwarded = relayed(message, relay.held.address)
    exchange = relay.relay(forwarded, sentinel, answer_within=answer_within)
    node.conclude(exchange, ClientEvent.RESTART, ClientEvent.REQUEST)
    return exchange


def inform(node: EdgeNode) -> Exchange:
    """Ask the server for configuration only, from the leased address; raises as ``renew`` does."""
    message = node.identity.inform(node.new_xid(), node.held.address)
    return node.exchange(message, route=node.route_to_server)


def decline(node: EdgeNode, sentinel: EdgeNode) -> IPv4Address:
    """Decline the leased address, since another host uses it; a DHCPDECLINE is not answered.

    Returns the address. The sentinel's answered DHCPDISCOVER proves that the server has read it.

    Raises:
        ValueError: the node has no lease.
    """
    route = node.route_to_server
    node.give_up(ClientEvent.DECLINE)
    node.ignored(node.identity.decline(node.new_xid(), route.source, route.destination), sentinel)
    return route.source


def offer_after_decline(node: EdgeNode, sentinel: EdgeNode, declined: IPv4Address, tries: int) -> Reply:
    """The offer of another address than the declined one; the last of so many tries where none is made.

    The same address is declined again: a server that looks for a free address from a place that each
    DHCPDECLINE moves on by one, as dnsmasq does, comes to the same one as long as those before it are leased.
    """
    offer = node.discover().offer
    for _ in range(tries):
        if offer.address != declined:
            break
        node.boot()
        decline(node, sentinel)
        offer = node.discover().offer
    return offer
