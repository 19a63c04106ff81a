"""What identifies a client: its client identifier (option 61) where it sends one, else its MAC address."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edgeboot.report.check import Check
from edgeboot.spec.contract.contract import Contract
from fixtures.edge_node import NewEdgeNode

pytestmark = [pytest.mark.e2e, pytest.mark.address_server, pytest.mark.dynamic_allocation]


@pytest.mark.covers(
    "RFC2131-4.2-client-identifier", "RFC2132-9.14-client-identifier", "RFC4361-4.1-moves-with-the-machine"
)
def test_client_identifier_keeps_its_address_at_another_card(
    new_edge_node: NewEdgeNode, contract: Contract, check: Check
) -> None:
    """A machine is the same client after a change of its card, unless its identifier is ignored."""
    before = new_edge_node(client_id=b"\0edge-node-7").boot()
    after = new_edge_node(client_id=b"\0edge-node-7").boot()
    told = f"expected {identity(contract)}: {before.address}, then given {after.address} by {after.sender}"
    is_another = after.address != before.address
    holds = is_another == contract.ignores_client_identifiers
    check.that(holds, after, "address", after.address, identity(contract), told)


@pytest.mark.covers("RFC2131-4.2-client-identifier", "RFC4361-7-chain")
def test_another_client_identifier_is_another_client(
    new_edge_node: NewEdgeNode, contract: Contract, check: Check
) -> None:
    """Firmware, iPXE and system with different client identifiers take one address each, or all the same."""
    firmware = new_edge_node(client_id=b"\0firmware")
    held = firmware.boot()
    system = replace(firmware, identity=replace(firmware.identity, client_id=b"\0system"))
    offer = system.discover().offer
    told = f"expected {identity(contract)}: {offer.sender} offers {offer.address}, held is {held.address}"
    holds = (offer.address == held.address) == contract.ignores_client_identifiers
    check.that(holds, offer, "address", offer.address, identity(contract), told)


def identity(contract: Contract) -> str:
    """What identifies a client by the contract, for a failure's message."""
    name = "the MAC address alone" if contract.ignores_client_identifiers else "option 61"
    return f"{name} to identify a client"
