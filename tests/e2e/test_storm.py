"""Many edge nodes at once, as when power returns: the contract's table [storm]."""

from __future__ import annotations

import pytest

from edgeboot.report.check import Check
from edgeboot.report.storm.check import StormCheck
from edgeboot.spec.contract.contract import Contract
from fixtures.edge_node import NewEdgeNode

pytestmark = [pytest.mark.e2e, pytest.mark.storm, pytest.mark.own_segment]


def test_every_node_of_a_storm_is_ready(storm: StormCheck, check: Check) -> None:
    """A node whose firmware gives up stays off until somebody comes and switches it on again."""
    check.nothing_differs(storm.of_readiness())


def test_no_two_nodes_of_a_storm_have_one_address(storm: StormCheck, check: Check) -> None:
    """A server that is in a hurry must not give an address away twice."""
    check.nothing_differs(storm.of_duplicates())


@pytest.mark.address_server
def test_nodes_of_a_storm_have_the_server_of_the_contract(
    storm: StormCheck, contract: Contract, check: Check
) -> None:
    """Whoever answers first in a storm decides what its nodes boot."""
    check.nothing_differs(storm.of_servers(contract.server_identifier))


def test_storm_is_over_in_time(storm: StormCheck, storm_limit: str, check: Check) -> None:
    """A site is back when its last node is, and most of its nodes should not have to ask again."""
    check.nothing_differs(storm.of_time(storm_limit))


def test_single_node_is_answered_after_a_storm(
    storm: StormCheck, new_edge_node: NewEdgeNode, contract: Contract, check: Check
) -> None:
    """What a storm has left behind keeps no later node from booting."""
    del storm
    node = new_edge_node()
    check.answered_within(contract.first_answer_time, node.discover(), "first_answer_time")
