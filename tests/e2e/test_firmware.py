"""Whether each client would boot, and from what: one exchange, read by that client's own rules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edgeboot.dhcp.clients import CLIENTS, HTTP_CLASS, ClientProfile
from edgeboot.dhcp.firmware.answers import has_vendor_class
from edgeboot.dhcp.firmware.names import bootfile_names
from edgeboot.node.boot.pxe_boot import boot_outcome
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.report.check import Check
from edgeboot.server.protocol import DhcpServer
from edgeboot.spec.contract.contract import Contract

pytestmark = pytest.mark.e2e


@pytest.fixture(params=CLIENTS.values(), ids=str)
def client(request: pytest.FixtureRequest) -> ClientProfile:
    """A client of the table of clients."""
    chosen: ClientProfile = request.param
    return chosen


@pytest.fixture
def client_node(client: ClientProfile, booted_node: EdgeNode, contract: Contract) -> EdgeNode:
    """A known machine that now runs this client."""
    return replace(booted_node.as_client(client), proxies=contract.proxies_for(client))


@pytest.fixture
def answered(client: ClientProfile, client_node: EdgeNode) -> Exchange:
    """The offers to it."""
    exchange = client_node.discover()
    assert exchange.replies, f"no server answered {client}: {exchange.summary}"
    return exchange


@pytest.fixture
def own_replies(
    client: ClientProfile, answered: Exchange, contract: Contract, dhcp_server: DhcpServer
) -> list[Reply]:
    """The offers of the server under test; none only where a ProxyDHCP does not serve the client."""
    replies = [reply for reply in answered.replies if reply.datagram.source_mac == dhcp_server.mac]
    assert replies or (contract.proxy and not contract.proxies_for(client)), (
        f"the server under test does not answer {client}, received {answered.received}"
    )
    return replies


@pytest.mark.covers("EDK2-PXE-dhcp-only", "EDK2-PXE-siaddr", "EDK2-HTTP-class", "OS-address")
@pytest.mark.covers("IPXE-siaddr", "IPXE-user-class", "U-BOOT-siaddr")
def test_client_boots_what_the_contract_says(
    client: ClientProfile, client_node: EdgeNode, answered: Exchange, check: Check
) -> None:
    """Firmware, loader or system: by its own rules it fetches the contract's URL, or nothing."""
    _, outcome = boot_outcome(client_node, answered.replies)
    check.boots(client, outcome, answered)


@pytest.mark.covers("EDK2-PXE-67-before-file", "BIOS-file-before-67", "IPXE-file-before-67", "U-BOOT-file")
def test_every_boot_file_field_names_the_same_file(
    client: ClientProfile, client_node: EdgeNode, answered: Exchange, contract: Contract
) -> None:
    """EDK2 reads the first option 67, U-Boot the last, others the header's file: all must be the same."""
    boot_exchange, _ = boot_outcome(client_node, answered.replies)
    replies = (*answered.replies, *(boot_exchange.replies if boot_exchange else ()))
    names_by_sender = [(reply.sender, bootfile_names(reply.message)) for reply in replies]
    different = {name for _, names in names_by_sender for name in names.values()}
    boots = contract.url_for(client) is not None
    assert len(different) == 1 or not (different or boots), f"{client} is sent {names_by_sender}"


@pytest.mark.covers("EDK2-PXE-binl", "EDK2-PXE-menu", "IPXE-no-175")
def test_client_is_sent_only_options_the_contract_knows(
    client: ClientProfile, own_replies: list[Reply], check: Check
) -> None:
    """A stray option 60 or 43 sends firmware to port 4011 or into a menu; a 175 changes iPXE."""
    for reply in own_replies:
        check.sent_options(client, reply)


@pytest.mark.covers("EDK2-HTTP-class")
@pytest.mark.parametrize("client", [CLIENTS["edk2-http-x86-64"]], ids=str, indirect=True)
def test_http_client_is_echoed_only_with_a_url(
    client: ClientProfile, answered: Exchange, contract: Contract
) -> None:
    """Option 60 HTTPClient in an offer promises a URL; without one firmware discards the offer."""
    echoing = [reply.sender for reply in answered.replies if has_vendor_class(HTTP_CLASS, reply.message)]
    expected = contract.url_for(client) is not None
    assert bool(echoing) == expected, f"HTTPClient is echoed by {', '.join(echoing) or 'no server'}"
