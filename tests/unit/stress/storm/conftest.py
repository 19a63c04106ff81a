"""Storms without a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from edgeboot.spec.contract.storm_terms import Arrival
from edgeboot.stress.storm.engine import Storm
from edgeboot.stress.storm.lease_table import LeaseTable
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.result import StormResult, result_of
from edgeboot.stress.storm.round import Round
from tests.unit.stress.storm.answering_wire import Answer, AnsweringWire, hasty

PLAN = StormPlan(nodes=10, arrival=Arrival.BURST, rounds=(Round(hasty()),))
RunStorm = Callable[..., tuple[StormResult, AnsweringWire]]


@pytest.fixture
def run_storm(tmp_path: Path) -> Iterator[RunStorm]:
    """Runs a storm of ten nodes against a function that answers; further arguments change the plan."""
    wires: list[AnsweringWire] = []

    def run(answer: Answer, **changes: object) -> tuple[StormResult, AnsweringWire]:
        plan = replace(PLAN, **changes)  # type: ignore[arg-type]
        wires.append(AnsweringWire(answer))
        table = LeaseTable.made(tmp_path / "leases", plan.nodes, len(plan.rounds), plan.macs)
        storm = Storm(plan, wires[-1], table)
        storm.run()
        table.close()
        result = result_of(
            plan,
            storm.recorded,
            began=storm.began,
            elapsed=storm.elapsed,
            lost_here=0,
            client_cpu=0.0,
        )
        return result, wires[-1]

    yield run
    for wire in wires:
        wire.close()
