"""What identifies a client: its client identifier (option 61) where it sends one, else its MAC address."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fixtures.edge_node import NewEdgeNode

pytestmark = [pytest.mark.e2e, pytest.mark.address_server]


@pytest.mark.covers(
    "RFC2131-4.2-client-identifier", "RFC2132-9.14-client-identifier", "RFC4361-4.1-moves-with-the-machine"
)
def test_client_identifier_keeps_its_address_at_another_card(new_edge_node: NewEdgeNode) -> None:
    """A machine that sends a client identifier is the same client after a change of its network card."""
    before = new_edge_node(client_id=b"\0edge-node-7").boot()
    after = new_edge_node(client_id=b"\0edge-node-7").boot()
    assert after.address == before.address, (
        f"expected {before.address} again, given {after.address} by {after.sender}"
    )


@pytest.mark.covers("RFC2131-4.2-client-identifier", "RFC4361-7-chain")
def test_another_client_identifier_is_another_client(new_edge_node: NewEdgeNode) -> None:
    """Firmware, iPXE and operating system with different client identifiers take one address each."""
    firmware = new_edge_node(client_id=b"\0firmware")
    held = firmware.boot()
    system = replace(firmware, identity=replace(firmware.identity, client_id=b"\0system"))
    offer = system.discover().offer
    assert offer.address != held.address, f"{offer.sender} offers {offer.address}, which {firmware.mac} holds"
