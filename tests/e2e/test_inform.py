"""A host that has an address by other means and asks for the rest (DHCPINFORM)."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from edgeboot.dhcp.clients import EDK2_PARAMETERS
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.lease_lifecycle import inform
from edgeboot.report.check import Check
from edgeboot.server.protocol import DhcpServer

pytestmark = [pytest.mark.e2e, pytest.mark.address_server, pytest.mark.ability("answers_inform")]


@pytest.mark.covers("RFC2131-3.4-inform", "RFC2131-4.3.5-inform-unicast")
def test_inform_is_answered_with_the_network_configuration(
    booted_node: EdgeNode, check: Check, dhcp_server: DhcpServer
) -> None:
    """The server under test sends mask and router to the address that the node asks from."""
    ack = inform(booted_node).ack
    check(ack, "netmask")
    check(ack, "routers")
    check.value(ack, "destination", ack.datagram.destination, booted_node.held.address)
    check.value(ack, "source_mac", ack.datagram.source_mac, dhcp_server.mac)


@pytest.mark.covers("RFC2131-3.4-inform")
def test_inform_gives_no_address(booted_node: EdgeNode, check: Check) -> None:
    """The client has an address already: yiaddr is zero."""
    check(inform(booted_node).ack, "address", IPv4Address(0))


@pytest.mark.covers("RFC2131-4.3.5-inform-no-lease")
def test_inform_is_answered_without_a_lease_time(booted_node: EdgeNode, check: Check) -> None:
    """A lease time would end an address that this server has not given."""
    ack = inform(booted_node.asking_for(EDK2_PARAMETERS)).ack
    told = f"expected no option 51, received {ack.lease_time} from {ack.sender}"
    check.value(ack, "lease_time", ack.lease_time, None, told)


@pytest.mark.ability("lease_database")
@pytest.mark.covers("RFC2131-3.4-inform")
def test_inform_changes_nothing_in_the_lease_database(
    booted_node: EdgeNode, dhcp_server: DhcpServer, check: Check
) -> None:
    """A DHCPINFORM allocates, extends and frees no lease."""
    before = {(lease.mac, lease.address, lease.expires) for lease in dhcp_server.leases()}
    _ = inform(booted_node).ack
    after = {(lease.mac, lease.address, lease.expires) for lease in dhcp_server.leases()}
    known = {mac for mac, _, _ in before}
    others = ", ".join(map(str, known)) or "none"
    told = f"{booted_node.mac} has no lease in the lease database, which has {others}"
    check.that(booted_node.mac in known, dhcp_server, "lease_database", known, {booted_node.mac}, told)
    changed = "; ".join(f"{address} of {mac} until {expires}" for mac, address, expires in after - before)
    told = f"a DHCPINFORM has changed the lease database: {changed or 'a lease has gone'}"
    check.value(dhcp_server, "lease_database", after, before, told)
