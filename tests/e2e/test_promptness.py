"""How soon a node is answered: firmware waits a few seconds only."""

from __future__ import annotations

from typing import Final

import pytest

from edgeboot.base.deadline import Wait
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange
from edgeboot.report.check import Check
from edgeboot.spec.contract.contract import Contract
from fixtures.edge_node import NewEdgeNode

MANY: Final = 50

pytestmark = [pytest.mark.e2e, pytest.mark.address_server]


@pytest.mark.triage("known_in_time")
@pytest.mark.covers("PXE-2.1-discover-timeouts")
def test_known_node_is_answered_in_time(booted_node: EdgeNode, contract: Contract, check: Check) -> None:
    """A node that holds a lease is answered before its firmware asks again."""
    check.answered_within(contract.answer_time, booted_node.discover())


@pytest.mark.triage("answer", "in_time")
@pytest.mark.covers("PXE-2.1-discover-timeouts")
def test_new_node_is_answered_in_time(
    first_discovery: Exchange, new_edge_node: NewEdgeNode, contract: Contract, check: Check
) -> None:
    """A new node is answered while firmware still waits, also when the server pings the address first.

    One of two: a server that finds its first address in use has to ping another one.
    """
    limit, exchange = contract.first_answer_time, first_discovery
    if exchange.round_trip is not None and exchange.round_trip > limit:
        exchange = new_edge_node().discover(within=Wait.LATE_OFFER)
    check.answered_within(limit, exchange, "first_answer_time")


@pytest.mark.covers("segment-nothing-lost")
def test_nothing_is_lost_between_node_and_server(
    booted_node: EdgeNode, contract: Contract, check: Check
) -> None:
    """Every one of many messages is answered: firmware that must retransmit boots late, or not at all."""
    exchanges = [booted_node.discover(grace=None, within=contract.answer_time) for _ in range(MANY)]
    unanswered = [exchange.summary for exchange in exchanges if not exchange.replies]
    problem = (
        f"{len(unanswered)} of {MANY} unanswered within {contract.answer_time}, such as {unanswered[:1]}"
    )
    check.value(None, "answer", MANY - len(unanswered), MANY, problem)
