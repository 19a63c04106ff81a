"""The way out of the segment, and the hosts that a lease sends nodes to: whether they are of use."""

from __future__ import annotations

import pytest

from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.clients.versions import with_versions
from edgeboot.dhcp.named_hosts import HostRole
from edgeboot.report.check import Check
from edgeboot.report.lease_hosts import LeaseHosts
from edgeboot.server.protocol import DhcpServer
from edgeboot.spec.contract.contract import Contract
from fixtures.advisories import Advise
from fixtures.clients import OffersTo

pytestmark = [pytest.mark.e2e, pytest.mark.address_server]


@pytest.mark.covers("RFC3442-routers-ignored", "RFC2132-3.5-routers", "MS-DHCPE-249")
def test_client_has_the_default_route_of_the_contract(
    client: ClientProfile, offers_to: OffersTo, dhcp_server: DhcpServer, check: Check
) -> None:
    """Option 121 without 0.0.0.0/0 takes the router away from every client, or version, that asks for it."""
    for version in with_versions(client):
        _, exchange = offers_to(version)
        for reply in exchange.replies:
            if reply.datagram.source_mac == dhcp_server.mac:
                check.default_route(version, reply)


@pytest.mark.clients(routes=True)
@pytest.mark.covers("RFC3442-readers", "RFC3442-routers-ignored", "RFC2132-5.8-static-routes", "MS-DHCPE-249")
def test_client_has_the_static_routes_of_the_contract(
    client: ClientProfile, offers_to: OffersTo, dhcp_server: DhcpServer, check: Check
) -> None:
    """Options 33, 121 and 249 are each read by some clients only, and 121 takes 33 away."""
    _, exchange = offers_to(client)
    for reply in exchange.replies:
        if reply.datagram.source_mac == dhcp_server.mac:
            check.static_routes(client, reply)


@pytest.mark.covers("RFC2132-3.8-name-servers", "RFC2132-3.5-routers", "RFC2132-8-servers")
@pytest.mark.parametrize("role", HostRole, ids=lambda role: role.value)
def test_lease_sends_nodes_to_hosts_of_use(
    role: HostRole, lease_hosts: LeaseHosts, contract: Contract, check: Check, advise: Advise
) -> None:
    """ARP finds the host, or its router; a name server resolves what the contract boots from."""
    found = lease_hosts.unusable(role)
    for unusable in found:
        if not unusable.breaks(contract):
            advise(unusable.advice)
    check.hosts_of_use(unusable for unusable in found if unusable.breaks(contract))


@pytest.mark.covers("iPXE-name-server")
def test_client_that_boots_from_a_named_host_is_given_a_name_server(
    lease_hosts: LeaseHosts, check: Check
) -> None:
    """Where the contract's URL has a name for a host, a lease without option 6 ends the boot."""
    check.hosts_of_use(lease_hosts.without_name_server())
