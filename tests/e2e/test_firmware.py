"""Whether each client would boot, and from what: one exchange, read by that client's own rules."""

from __future__ import annotations

from typing import Final

import pytest

from edgeboot.dhcp.clients import HTTP_CLASS, BootRules, ClientProfile
from edgeboot.dhcp.firmware.answers import has_vendor_class
from edgeboot.dhcp.firmware.names import bootfile_names
from edgeboot.node.boot.pxe_boot import boot_outcome, replies_read
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.report.check import Check
from edgeboot.report.unstated import BootsAs
from edgeboot.server.protocol import DhcpServer
from edgeboot.spec.contract.contract import Contract
from fixtures.clients import NoteNotStated, OffersTo

pytestmark = pytest.mark.e2e

READ_NO_NAME: Final = (BootRules.RASPBERRY_PI, BootRules.RASPBERRY_PI_4)
"""They boot a file of their own choice."""


@pytest.fixture
def offered(client: ClientProfile, offers_to: OffersTo) -> tuple[EdgeNode, Exchange]:
    """A known machine that now runs this client, and the offers to it."""
    return offers_to(client)


@pytest.fixture
def client_node(offered: tuple[EdgeNode, Exchange]) -> EdgeNode:
    """The machine."""
    return offered[0]


@pytest.fixture
def answered(offered: tuple[EdgeNode, Exchange]) -> Exchange:
    """The offers."""
    return offered[1]


@pytest.fixture
def own_replies(answered: Exchange, dhcp_server: DhcpServer) -> list[Reply]:
    """The offers of the server under test."""
    return [reply for reply in answered.replies if reply.datagram.source_mac == dhcp_server.mac]


@pytest.mark.covers("RFC2131-3.1-offer", "PXE-2.1-only-pxe-clients")
def test_client_is_answered_or_left_alone_as_the_contract_says(
    client: ClientProfile, answered: Exchange, own_replies: list[Reply], check: Check
) -> None:
    """An offer to a client that is left to another server takes it away from that; silence ends a boot."""
    check.answers(client, own_replies, answered)


@pytest.mark.triage(boots="some")
@pytest.mark.clients(stated=True)
@pytest.mark.covers("EDK2-PXE-dhcp-only", "EDK2-PXE-siaddr", "EDK2-HTTP-class", "OS-address")
@pytest.mark.covers("IPXE-siaddr", "IPXE-user-class", "U-BOOT-siaddr")
@pytest.mark.covers("EDK2-server-identifier", "EDK2-subnet-mask", "EDK2-PXE-4011", "EDK2-PXE-boot-servers")
@pytest.mark.covers("EDK2-PXE-only-listed", "PXE-2.1-boot-servers", "IPXE-boot-item", "IPXE-4011")
def test_client_boots_what_the_contract_says(
    client: ClientProfile, client_node: EdgeNode, answered: Exchange, check: Check
) -> None:
    """Firmware, loader or system: by its own rules it fetches the contract's URL, or nothing."""
    _, outcome = boot_outcome(client_node, answered.replies)
    check.boots(client, outcome, answered)


@pytest.mark.clients(stated=False)
@pytest.mark.covers("IPXE-user-class", "RFC4578-2.1-architecture")
def test_client_that_is_not_stated_boots_nothing_wrong(
    client: ClientProfile,
    client_node: EdgeNode,
    answered: Exchange,
    boots_as: BootsAs,
    check: Check,
    not_stated: NoteNotStated,
) -> None:
    """What it boots is the site's to say; but itself, or another processor's file, is wrong at any site."""
    _, outcome = boot_outcome(client_node, answered.replies)
    not_stated(client, outcome)
    check.boots_nothing_wrong(client, outcome, answered, boots_as)


@pytest.mark.covers("EDK2-PXE-67-before-file", "BIOS-file-before-67", "IPXE-file-before-67", "U-BOOT-file")
def test_every_boot_file_field_names_the_same_file(
    client: ClientProfile, client_node: EdgeNode, answered: Exchange, contract: Contract, check: Check
) -> None:
    """EDK2 reads the first option 67, U-Boot the last, others the header's file: all must be the same."""
    asked, _ = boot_outcome(client_node, answered.replies)
    replies = replies_read(answered.replies, asked)
    names_by_sender = [(reply.sender, bootfile_names(reply.message)) for reply in replies]
    different = {name for _, names in names_by_sender for name in names.values()}
    boots = contract.url_for(client) is not None and client.rules not in READ_NO_NAME
    holds = len(different) == 1 or not (different or boots)
    told = f"{client} is sent {names_by_sender}"
    check.that(holds, next(iter(replies), None), "bootfile", different, "one name in every field", told)


@pytest.mark.covers("EDK2-PXE-binl", "EDK2-PXE-menu", "IPXE-no-175")
def test_client_is_sent_only_options_the_contract_knows(
    client: ClientProfile, own_replies: list[Reply], check: Check
) -> None:
    """A stray option 60 or 43 sends firmware to port 4011 or into a menu; a 175 changes iPXE."""
    for reply in own_replies:
        check.sent_options(client, reply)


@pytest.mark.clients(BootRules.EDK2_HTTP, stated=True)
@pytest.mark.covers("EDK2-HTTP-class")
def test_http_client_is_echoed_only_with_a_url(
    client: ClientProfile, answered: Exchange, contract: Contract, check: Check
) -> None:
    """Option 60 HTTPClient in an offer promises a URL; without one firmware discards the offer."""
    echoing = [reply for reply in answered.replies if has_vendor_class(HTTP_CLASS, reply.message)]
    by = ", ".join(reply.sender for reply in echoing) or "no server"
    expected = HTTP_CLASS if contract.url_for(client) is not None else None
    received, first = (HTTP_CLASS, echoing[0]) if echoing else (None, None)
    check.value(first, "vendor_class", received, expected, f"HTTPClient is echoed by {by}")
