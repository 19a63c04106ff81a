"""One machine, and as many clients as a boot has stages."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.contract import Contract
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.edge_node import EdgeNode
from edgeboot.labs.protocol import DhcpServer
from fixtures.edge_node import NewEdgeNode

pytestmark = pytest.mark.e2e

STAGES: Final = ("edk2-pxe-x86-64", "ipxe-x86-64", "systemd-networkd")
"""What runs on an edge node, one after the other."""


@pytest.fixture(scope="module")
def stages(edge_nodes: NewEdgeNode) -> Iterator[list[EdgeNode]]:
    """One machine's firmware, iPXE and system, each of which has booted; none gives its lease back."""
    machine = edge_nodes()
    running = [machine.as_client(CLIENTS[name]) for name in STAGES]
    for each in running:
        each.boot()
    yield running
    for each in running:
        each.release()


@pytest.mark.covers("RFC2131-4.2-client-identifier", "RFC2131-4.2-chaddr")
def test_one_boot_takes_as_many_addresses_as_the_contract_says(
    stages: list[EdgeNode], contract: Contract, dhcp_server: DhcpServer
) -> None:
    """Each stage with a client identifier of its own is another client: the pool shrinks by so many a node."""
    addresses = {stage.held.address for stage in stages}
    booked = {lease.address for lease in dhcp_server.leases() if lease.mac == stages[0].mac}
    assert booked == addresses
    assert len(addresses) == contract.addresses_per_boot, (
        f"{', '.join(STAGES)} hold {sorted(map(str, addresses))}"
    )


@pytest.mark.covers("RFC2131-4.3.1-current-address")
@pytest.mark.parametrize("stage", range(len(STAGES)), ids=STAGES.__getitem__)
def test_stage_of_a_boot_gets_its_own_address_again(stage: int, stages: list[EdgeNode]) -> None:
    """At the next boot each finds the address it had, though another stage used the MAC in between."""
    assert stages[stage].discover().offer.address == stages[stage].held.address


@pytest.mark.covers("RFC2131-4.2-client-identifier")
def test_addresses_of_a_boot_are_in_the_pool(stages: list[EdgeNode], contract: Contract) -> None:
    """Whoever asks, the address is one that the contract sets aside."""
    outside: list[IPv4Address] = [
        each.held.address for each in stages if each.held.address not in contract.pool
    ]
    assert outside == []
