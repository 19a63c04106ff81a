"""One machine that is several clients: each stage of its boot may identify itself differently."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from edgeboot.node.edge_node import EdgeNode
from edgeboot.report.check import Check
from edgeboot.server.protocol import DhcpServer
from edgeboot.spec.contract.contract import Contract
from fixtures.edge_node import NewEdgeNode

pytestmark = [pytest.mark.e2e, pytest.mark.address_server, pytest.mark.new_node]


@pytest.fixture(scope="module")
def stages(edge_nodes: NewEdgeNode, contract: Contract) -> Iterator[list[EdgeNode]]:
    """One machine's firmware, iPXE and system: all have booted, and none has released its lease."""
    machine = edge_nodes()
    running = [machine.as_client(client) for client in contract.boot_stages]
    for stage in running:
        stage.boot()
    yield running
    for stage in running:
        stage.release()


@pytest.mark.covers("RFC2131-4.2-client-identifier", "RFC2131-4.2-chaddr")
def test_one_boot_takes_as_many_addresses_as_the_contract_says(
    stages: list[EdgeNode], contract: Contract, check: Check
) -> None:
    """A stage with a client identifier of its own may be another client, and takes an address more."""
    addresses, expected = {stage.held.address for stage in stages}, contract.machine_addresses
    names = ", ".join(stage.name for stage in contract.boot_stages)
    held = f"{names} hold {sorted(map(str, addresses))}"
    told = f"{held}: expected {expected}, received {len(addresses)}"
    check.value(stages[0].held, "addresses_per_boot", len(addresses), expected, told)


@pytest.mark.ability("lease_database")
@pytest.mark.covers("RFC2131-4.2-client-identifier")
def test_addresses_of_a_boot_are_in_the_lease_database(
    stages: list[EdgeNode], dhcp_server: DhcpServer, check: Check
) -> None:
    """The lease database has exactly the addresses that the stages hold."""
    recorded = {lease.address for lease in dhcp_server.leases() if lease.mac == stages[0].mac}
    check.value(dhcp_server, "lease_database", recorded, {stage.held.address for stage in stages})


@pytest.mark.covers("RFC2131-4.3.1-current-address")
def test_next_boot_of_the_machine_takes_no_further_address(stages: list[EdgeNode], check: Check) -> None:
    """Repeated boots of one node do not use up the pool."""
    before = {stage.held.address for stage in stages}
    acks = [stage.boot() for stage in stages]
    again = {ack.address for ack in acks}
    texts = [", ".join(map(str, sorted(each))) for each in (before, again)]
    told = f"held {texts[0]}, and with the next boot {texts[1]}, from {acks[0].sender}"
    check.that(again <= before, acks[0], "address", again, before, told)


def test_addresses_of_a_boot_are_in_the_pool(stages: list[EdgeNode], check: Check) -> None:
    """Every stage's address is one of the contract's pool."""
    for stage in stages:
        check(stage.held, "address")
