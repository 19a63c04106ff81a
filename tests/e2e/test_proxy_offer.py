"""What a ProxyDHCP offers beside the site's own server, to whom, and to whom not (PXE 2.1 section 2.2)."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.base.mac import BROADCAST
from edgeboot.dhcp.clients import PXE_CLASS, ClientProfile
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT, OptionCode, option_name
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.report.check import Check
from edgeboot.report.value_check import senders
from edgeboot.server.protocol import DhcpServer
from edgeboot.spec.contract.client_terms import ProxyOffer
from edgeboot.spec.contract.contract import Contract
from fixtures.clients import OffersTo
from fixtures.replies import FirstBoot

pytestmark = [pytest.mark.e2e, pytest.mark.proxy]

ADDRESS_OPTIONS: Final = (
    OptionCode.IP_ADDRESS_LEASE_TIME,
    OptionCode.RENEWAL_TIME,
    OptionCode.REBINDING_TIME,
    OptionCode.SUBNET_MASK,
    OptionCode.ROUTER,
    OptionCode.DOMAIN_NAME_SERVER,
)
"""Options that come with an address: from two servers, a client could mix them up."""


@pytest.fixture
def discovered(booted_node: EdgeNode) -> Exchange:
    """Both servers' offers to a node that both know."""
    return booted_node.discover()


@pytest.mark.covers("PXE-2.1-proxy-offer", "PXE-2.1-two-servers")
def test_address_and_boot_data_come_from_two_servers(
    discovered: Exchange, contract: Contract, dhcp_server: DhcpServer, check: Check
) -> None:
    """The site's server offers the address, the server under test the boot data, and no other answers."""
    assert contract.proxy is not None
    address, boot = discovered.offer, discovered.proxy_offer
    check(address, "server_identifier", contract.proxy.address_server)
    check(boot, "server_identifier")
    check.value(boot, "source_mac", boot.datagram.source_mac, dhcp_server.mac)


@pytest.mark.triage
@pytest.mark.covers("PXE-2.1-proxy-no-address")
def test_proxy_offer_has_no_address(offer: Reply, check: Check) -> None:
    """With one, firmware would take it for a DHCP server and send it its DHCPREQUEST."""
    check(offer, "address", IPv4Address(0))


@pytest.mark.covers("PXE-2.1-proxy-no-address")
@pytest.mark.parametrize("code", ADDRESS_OPTIONS, ids=option_name)
def test_proxy_offer_leaves_the_network_to_the_site(code: OptionCode, offer: Reply, check: Check) -> None:
    """Mask, router and lease belong to the address, and the address is the site's to give."""
    check.lacks(offer, {code})


@pytest.mark.covers("PXE-2.1-vendor-class")
def test_proxy_offer_is_for_pxe_clients(offer: Reply, check: Check) -> None:
    """Firmware recognises a ProxyDHCP by option 60 PXEClient, and discards the offer without it."""
    received = offer.message.options.get(OptionCode.VENDOR_CLASS_IDENTIFIER)
    told = f"vendor class: expected {PXE_CLASS}, received {received!r} from {offer.sender}"
    check.value(offer, "vendor_class", received, PXE_CLASS.encode(), told)


@pytest.mark.covers("PXE-2.1-uuid-echoed")
def test_proxy_offer_echoes_the_machine(offer: Reply, first_boot: FirstBoot, check: Check) -> None:
    """Option 97 comes back as it was sent: firmware compares it."""
    sent = b"\0" + first_boot.node.identity.machine.bytes_le
    received = offer.message.options.get(OptionCode.CLIENT_MACHINE_IDENTIFIER)
    told = f"option 97: expected {sent.hex()}, received {received and received.hex()} from {offer.sender}"
    check.value(offer, "option 97", received, sent, told)


@pytest.mark.covers("PXE-2.1-proxy-broadcast")
def test_proxy_offer_is_broadcast(offer: Reply, check: Check) -> None:
    """The node has no address yet, and the proxy gives none to send it to."""
    check.sent_to(offer, IPv4Address("255.255.255.255"), BROADCAST)
    ports = (offer.datagram.source_port, offer.datagram.destination_port)
    check.value(offer, "ports", ports, (SERVER_PORT, CLIENT_PORT))


@pytest.mark.covers("PXE-2.1-only-pxe-clients", "RFC4578-2.1-architecture", "RFC2131-4.2-vendor-class")
def test_proxy_offers_to_the_clients_it_is_for(
    client: ClientProfile, offers_to: OffersTo, contract: Contract, dhcp_server: DhcpServer, check: Check
) -> None:
    """Options 60 and 93 decide; other clients are answered by the site's server alone."""
    _, exchange = offers_to(client)
    offers = [reply for reply in exchange.replies if reply.datagram.source_mac == dhcp_server.mac]
    stated = contract.proxy_offer(client)
    expected = len(offers) if stated is None else int(stated is not ProxyOffer.NONE)
    told = f"{client} is answered by {senders(exchange)}, expected {expected} of the server under test and 1"
    origin = next(iter(offers), exchange)
    check.value(origin, "answer", (len(offers), len(exchange.replies)), (expected, expected + 1), told)


@pytest.mark.covers("PXE-2.1-request-not-for-proxy")
def test_request_for_the_address_is_left_to_the_site(
    edge_node: EdgeNode, contract: Contract, check: Check
) -> None:
    """The DHCPREQUEST on port 67 selects the address's server: a proxy's answer would end the lease."""
    assert contract.proxy is not None
    offer = edge_node.discover().offer
    check(edge_node.request(offer).ack, "server_identifier", contract.proxy.address_server)


def test_node_gets_its_network_from_the_site(booted_node: EdgeNode, check: Check) -> None:
    """Beside the proxy the node still gets a whole lease: address, mask, router, time."""
    for field in ("address", "netmask", "routers", "lease_time"):
        check(booted_node.held, field)
