"""A lease that is extended: renewed at T1 with its server, rebound at T2 with any."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange
from edgeboot.node.lease_lifecycle import extend_unrecorded, rebind, renew
from edgeboot.report.check import Check
from edgeboot.server.dnsmasq.leases import recorded_time
from edgeboot.server.protocol import DhcpServer
from edgeboot.spec.contract.contract import Contract

pytestmark = [pytest.mark.e2e, pytest.mark.address_server]

EXTENSIONS: Final = {"renewed by unicast": renew, "rebound by broadcast": rebind}
Extend = Callable[[EdgeNode], Exchange]


@pytest.fixture(params=EXTENSIONS)
def extend(request: pytest.FixtureRequest) -> Extend:
    """A way to extend a lease: renewed by unicast or rebound by broadcast."""
    return EXTENSIONS[request.param]


@pytest.mark.covers("RFC2131-4.3.2-renewing", "RFC2131-4.3.2-renewing-early", "RFC2131-4.3.2-rebinding")
@pytest.mark.covers("RFC2131-4.4.4-unicast-when-known")
def test_lease_is_extended_by_the_server_that_gave_it(
    extend: Extend, booted_node: EdgeNode, dhcp_server: DhcpServer, check: Check
) -> None:
    """The node keeps its address without a gap, by a DHCPACK of the same server."""
    before = booted_node.held.address
    ack = extend(booted_node).ack
    check(ack, "address", before)
    check(ack, "server_identifier")
    check.value(ack, "source_mac", ack.datagram.source_mac, dhcp_server.mac)


@pytest.mark.covers("RFC2131-4.4.5-renewed", "RFC2131-3.3-not-shorter")
def test_extended_lease_runs_for_its_whole_time_again(
    extend: Extend, booted_node: EdgeNode, check: Check
) -> None:
    """The reply states the whole lease time again."""
    check(extend(booted_node).ack, "lease_time")


@pytest.mark.ability("lease_database")
@pytest.mark.covers("RFC2131-4.4.5-renewed", "RFC2131-3.3-not-shorter")
def test_extended_lease_is_recorded_for_its_whole_time_again(
    extend: Extend, booted_node: EdgeNode, contract: Contract, dhcp_server: DhcpServer, check: Check
) -> None:
    """The lease database records the whole lease time again, as the reply states it."""
    ack = extend(booted_node).ack
    left = recorded_time(dhcp_server, ack.address)
    told = f"{ack.address} is recorded for {left} from now, extended for {contract.lease_time}"
    is_whole = abs(left - contract.lease_time) < timedelta(seconds=5)
    check.that(is_whole, dhcp_server, "lease_database", left, contract.lease_time, told)


@pytest.mark.ability("renewal_times")
@pytest.mark.covers("RFC2131-4.4.5-fuzz", "RFC2131-4.4.5-t1-before-t2")
def test_extended_lease_is_due_a_little_earlier(
    extend: Extend, booted_node: EdgeNode, contract: Contract, check: Check
) -> None:
    """T1 and T2 come up to an eighth of T1 earlier, so that nodes booted together do not renew together."""
    ack, window = extend(booted_node).ack, contract.renewal_time / 8
    if ack.renewal_time is None or ack.rebinding_time is None:
        check(ack, "renewal_time")
        check(ack, "rebinding_time")
        return
    earlier = contract.renewal_time - ack.renewal_time
    told = f"T1 {ack.renewal_time} is {earlier} early, from {ack.sender}"
    is_due = timedelta(0) <= earlier <= window
    check.that(is_due, ack, "renewal_time", ack.renewal_time, contract.renewal_time, told)
    check(ack, "rebinding_time", contract.rebinding_time - earlier)


@pytest.mark.covers("RFC2131-4.1-ciaddr")
def test_extension_is_answered_at_the_address_of_the_node(
    extend: Extend, booted_node: EdgeNode, check: Check
) -> None:
    """A node with an address is answered there by unicast, which its IP stack takes."""
    check.sent_to(extend(booted_node).ack, booted_node.held.address, booted_node.mac)


@pytest.mark.covers("RFC2131-4.3.2-renewing-unknown")
def test_renewal_of_an_unknown_lease_is_answered_as_the_contract_says(
    edge_node: EdgeNode,
    booted_node: EdgeNode,
    sentinel: EdgeNode,
    contract: Contract,
    free_address: IPv4Address,
    check: Check,
) -> None:
    """A server that lost a lease refuses at once, so that the node starts again and does not wait for T2."""
    exchange = extend_unrecorded(edge_node, sentinel, free_address, booted_node.route_to_server)
    check.replies(exchange, contract.unknown_renewal.messages)


@pytest.mark.covers("RFC2131-4.3.2-rebinding-unknown")
def test_rebinding_of_an_unknown_lease_is_left_to_its_server(
    edge_node: EdgeNode, sentinel: EdgeNode, contract: Contract, free_address: IPv4Address, check: Check
) -> None:
    """By broadcast it asks any server: one that did not give the lease is silent, unless authoritative."""
    exchange = extend_unrecorded(edge_node, sentinel, free_address)
    check.replies(exchange, contract.unknown_rebinding.messages)
