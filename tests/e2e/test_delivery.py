"""How replies travel: their destination follows the broadcast flag, their checksums are right."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from edgeboot.base.mac import BROADCAST
from edgeboot.host.wire.frame import Checksum
from edgeboot.node.edge_node import EdgeNode
from edgeboot.report.check import Check

pytestmark = [pytest.mark.e2e, pytest.mark.address_server]


@pytest.mark.covers("RFC2131-4.1-broadcast", "RFC1542-3.1.1-broadcast-flag")
def test_reply_is_broadcast_when_the_node_asks_for_that(booted_node: EdgeNode, check: Check) -> None:
    """With the broadcast flag, which EDK2 sets, the reply is broadcast (RFC 2131 section 4.1)."""
    offer = booted_node.discover(broadcast=True).offer
    check.sent_to(offer, IPv4Address("255.255.255.255"), BROADCAST)


@pytest.mark.ability("unicasts")
@pytest.mark.covers("RFC2131-4.1-unicast", "RFC951-4-chaddr")
def test_reply_is_unicast_to_the_node_otherwise(booted_node: EdgeNode, check: Check) -> None:
    """Without it the reply goes to the offered address at the node's own MAC."""
    offer = booted_node.discover(broadcast=False).offer
    check.sent_to(offer, offer.address, booted_node.mac)


@pytest.mark.covers("RFC768-checksum")
@pytest.mark.parametrize("broadcast", [True, False], ids=["broadcast", "unicast"])
def test_reply_has_valid_checksums(broadcast: bool, booted_node: EdgeNode, check: Check) -> None:
    """Firmware drops a datagram whose IP or UDP checksum is wrong or was left to a network card."""
    offer = booted_node.discover(broadcast=broadcast).offer
    for field in ("ip_checksum", "udp_checksum"):
        received = getattr(offer.datagram, field)
        name = field.removesuffix("_checksum").upper()
        told = f"{name} checksum from {offer.sender} is {received.name}, expected VALID"
        check.value(offer, field, received, Checksum.VALID, told)
