"""Options whose values the contract states: name servers, search list, routes, MTU, a vendor's own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edgeboot.dhcp.clients import ClientProfile
from edgeboot.node.edge_node import EdgeNode
from edgeboot.report.check import Check
from edgeboot.server.protocol import DhcpServer
from edgeboot.spec.contract.contract import Contract
from fixtures.clients import OffersTo

pytestmark = pytest.mark.e2e


def asking_for_all(client: ClientProfile, contract: Contract) -> ClientProfile:
    """The client with every option of the contract's values in its list, those for others included."""
    valued = contract.options.codes - contract.options.allowed
    return replace(client, parameters=tuple(dict.fromkeys((*(client.parameters or ()), *sorted(valued)))))


def asking_for_others(client: ClientProfile, contract: Contract) -> ClientProfile:
    """The client with what is stated for other clients in its list, too; one without a list has none."""
    more = sorted(contract.options.withheld_from(client.name) - {*(client.parameters or ())})
    return client if client.parameters is None else replace(client, parameters=(*client.parameters, *more))


@pytest.mark.clients(options=True)
@pytest.mark.covers("RFC2131-4.3.1-configured-parameters", "RFC2131-3.5-parameter-list")
def test_client_is_offered_the_stated_value_of_each_option_it_asks_for(
    client: ClientProfile, offers_to: OffersTo, contract: Contract, dhcp_server: DhcpServer, check: Check
) -> None:
    """Each client by its own list; and what is stated for another only is kept from it, though it asks."""
    asking = asking_for_others(client, contract)
    _, exchange = offers_to(asking)
    for reply in exchange.replies:
        if reply.datagram.source_mac == dhcp_server.mac:
            check.stated_options(client, reply, asking.parameters)


@pytest.mark.address_server
@pytest.mark.clients(default=True, options=True)
@pytest.mark.covers("RFC2131-4.3.1-configured-parameters", "RFC3397-2-search-list", "RFC3442-encoding")
def test_node_that_asks_for_every_stated_option_is_acknowledged_with_each_value(
    client: ClientProfile, booted_node: EdgeNode, contract: Contract, check: Check
) -> None:
    """A system keeps what the DHCPACK says about name servers, time, routes and MTU."""
    asking = asking_for_all(client, contract)
    node = booted_node.asking_for(asking.parameters)
    offer = node.discover().offer
    check.stated_options(client, offer, asking.parameters)
    check.stated_options(client, node.request(offer).ack, asking.parameters)


@pytest.mark.address_server
@pytest.mark.clients(own_options=True, served=True)
@pytest.mark.covers("RFC2131-4.3.1-configured-parameters")
def test_client_with_options_of_its_own_is_acknowledged_with_them(
    client: ClientProfile, edge_node: EdgeNode, contract: Contract, check: Check
) -> None:
    """What is stated for one client only is in its DHCPACK, too."""
    asking = asking_for_all(client, contract)
    node = edge_node.as_client(replace(asking, rapid_commit=False))
    ack = node.boot()
    node.release()
    check.stated_options(client, ack, asking.parameters)
