"""Who a client is: its client identifier where it sends one (option 61), else its hardware address."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fixtures.edge_node import NewEdgeNode

pytestmark = [pytest.mark.e2e, pytest.mark.address_server]


@pytest.mark.covers(
    "RFC2131-4.2-client-identifier", "RFC2132-9.14-client-identifier", "RFC4361-4.1-moves-with-the-machine"
)
def test_client_identifier_keeps_its_address_at_another_card(new_edge_node: NewEdgeNode) -> None:
    """A machine that names itself is the same client after its network card was changed."""
    before = new_edge_node(client_id=b"\0edge-node-7").boot()
    after = new_edge_node(client_id=b"\0edge-node-7").boot()
    assert after.address == before.address, (
        f"expected {before.address} again, given {after.address} by {after.sender}"
    )


@pytest.mark.covers("RFC2131-4.2-client-identifier", "RFC4361-7-chain")
def test_another_client_identifier_is_another_client(new_edge_node: NewEdgeNode) -> None:
    """Firmware, iPXE and the operating system, when each names itself otherwise, take an address each."""
    firmware = new_edge_node(client_id=b"\0firmware")
    held = firmware.boot()
    system = replace(firmware, identity=replace(firmware.identity, client_id=b"\0system"))
    offer = system.discover().offer
    assert offer.address != held.address, f"{offer.sender} offers {offer.address}, which {firmware.mac} holds"
