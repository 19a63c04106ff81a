"""Machines that nothing is reserved for, where the contract has only reserved machines served."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edgeboot.dhcp.clients import ClientProfile
from edgeboot.labs.settings import Settings
from edgeboot.node.edge_node import EdgeNode
from edgeboot.report.check import Check
from edgeboot.report.reserved_machine import served_all_the_same
from edgeboot.spec.contract.contract import Contract
from fixtures.edge_node import NewEdgeNode

pytestmark = [pytest.mark.e2e, pytest.mark.address_server, pytest.mark.unknown_machines]


@pytest.fixture
def unknown_node(new_edge_node: NewEdgeNode) -> EdgeNode:
    """A machine that no reservation is for."""
    return new_edge_node(unknown=True)


@pytest.mark.covers("RFC2131-4.2-known-only")
def test_unknown_machine_is_left_alone(
    client: ClientProfile, unknown_node: EdgeNode, sentinel: EdgeNode, settings: Settings, check: Check
) -> None:
    """Whatever it boots with, it gets no offer: another server may be the one that it belongs to."""
    node = unknown_node.as_client(replace(client, rapid_commit=False))
    exchange = node.ignored(node.identity.discover(node.new_xid()), sentinel)
    check.nothing_differs(served_all_the_same(exchange, settings.deployment.config))


@pytest.mark.covers("RFC2131-4.2-known-only")
def test_unknown_machine_does_not_get_an_address_that_it_selects(
    unknown_node: EdgeNode, sentinel: EdgeNode, contract: Contract, settings: Settings, check: Check
) -> None:
    """It may ask for one of a reserved machine without an offer: it must not be acknowledged."""
    address = contract.reservations[-1].address
    request = unknown_node.identity.select(unknown_node.new_xid(), address, contract.server_identifier)
    exchange = unknown_node.ignored(request, sentinel)
    check.nothing_differs(served_all_the_same(exchange, settings.deployment.config))
