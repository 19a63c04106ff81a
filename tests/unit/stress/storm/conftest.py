"""Storms without a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from edgeboot.spec.contract.storm_terms import Arrival
from edgeboot.stress.storm import fetching
from edgeboot.stress.storm.engine import Storm
from edgeboot.stress.storm.fetch_patience import FetchPatience
from edgeboot.stress.storm.lease_table import LeaseTable
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.result import StormResult, result_of
from edgeboot.stress.storm.round import Round
from tests.unit.stress.storm.answering_wire import Answer, AnsweringWire, hasty
from tests.unit.stress.storm.boot_wire import BootWire, Serve

PLAN = StormPlan(nodes=10, arrival=Arrival.BURST, rounds=(Round(hasty()),))
EDK2 = Round(hasty(), fetches=True)
RunStorm = Callable[..., tuple[StormResult, AnsweringWire]]
BRIEF = FetchPatience((0.01, 0.02), (0.02, 0.02), "for tests")
Fetch = Callable[..., StormResult]


@pytest.fixture
def run_storm(tmp_path: Path) -> Iterator[RunStorm]:
    """Runs a storm of ten nodes against a function that answers; further arguments change the plan."""
    wires: list[AnsweringWire] = []

    def run(answer: Answer, **changes: object) -> tuple[StormResult, AnsweringWire]:
        plan = replace(PLAN, **changes)  # type: ignore[arg-type]
        wires.append(AnsweringWire(answer))
        table = LeaseTable.made(tmp_path / "leases", plan.nodes, len(plan.rounds), plan.numbering)
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
            clock_step=storm.clock_step,
        )
        return result, wires[-1]

    yield run
    for wire in wires:
        wire.close()


@pytest.fixture
def fetch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fetch]:
    """Runs a storm of five nodes that fetch, on a wire of these servers; impatient ones."""
    monkeypatch.setattr(fetching, "fetch_patience", lambda _: BRIEF)
    monkeypatch.setattr(fetching, "ARP_WAITS", (0.02, 0.02))
    wires: list[BootWire] = []

    def run(
        dhcp: Answer,
        serve: Serve,
        rounds: tuple[Round, ...] = (EDK2,),
        prepare: Callable[[BootWire], None] = lambda _: None,
    ) -> StormResult:
        plan = StormPlan(nodes=5, arrival=Arrival.BURST, rounds=rounds)
        wires.append(BootWire(dhcp, serve))
        prepare(wires[-1])
        table = LeaseTable.made(tmp_path / "leases", plan.nodes, len(rounds))
        storm = Storm(plan, wires[-1], table)
        storm.run()
        table.close()
        figures = {"began": storm.began, "elapsed": storm.elapsed, "lost_here": 0, "client_cpu": 0.0}
        return result_of(plan, storm.recorded, **figures)  # type: ignore[arg-type]

    yield run
    for wire in wires:
        wire.close()
