"""``edgeboot storm --find-capacity``: what it tells of storms that a script makes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Final, cast
from unittest.mock import Mock, patch

import pytest

from edgeboot.cli import storm_capacity
from edgeboot.cli.exit_status import EXIT_FOUND_WANTING, EXIT_INTERRUPTED, EXIT_USAGE
from edgeboot.cli.main import main
from edgeboot.labs.settings import Settings
from edgeboot.stress.storm.arrival import Arrival
from edgeboot.stress.storm.completion import BoundBy
from edgeboot.stress.storm.percentiles import Percentiles
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.result import StormResult
from tests.unit.cli.test_storm import RESULT

FIND: Final = ("storm", "--find-capacity")
SOON: Final = Percentiles(98, 0.02, 0.02, 0.03, 0.04, 0.05)
Script = Callable[[StormPlan], StormResult]


def all_bound(plan: StormPlan) -> StormResult:
    """A storm in which everything held."""
    counts = {"nodes": plan.nodes, "started": plan.nodes, "bound": plan.nodes, "not_offered": 0, "refused": 0}
    result = replace(RESULT, **counts, completion=(BoundBy(9.0, plan.nodes),))  # type: ignore[arg-type]
    soon = replace(SOON, count=plan.nodes)
    return replace(result, to_offer=soon, to_ack=soon)


def up_to(nodes: int, rate: float) -> Script:
    """A server that is deaf to one node where more come, or faster."""

    def script(plan: StormPlan) -> StormResult:
        result = all_bound(plan)
        too_many = plan.rate > rate if plan.arrival.has_rate else plan.nodes > nodes
        return replace(result, bound=result.bound - 1, not_offered=1) if too_many else result

    return script


@pytest.fixture
def scripted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Script], list[StormPlan]]:
    """Makes storms by a script; the plans that it was asked for."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def use(script: Script) -> list[StormPlan]:
        plans: list[StormPlan] = []

        def one_storm(_: Settings, plan: StormPlan, __: object) -> StormResult:
            plans.append(plan)
            return script(plan)

        monkeypatch.setattr(storm_capacity, "one_storm", one_storm)
        return plans

    return use


def test_the_edges_are_told_with_what_breaks_there(
    scripted: Callable[[Script], list[StormPlan]], capsys: pytest.CaptureFixture[str]
) -> None:
    """A rate, and a number of nodes; each between what held and what broke."""
    scripted(up_to(nodes=40, rate=20))
    assert main(FIND) == 0
    told = capsys.readouterr().out
    assert "constant: holds with 20/s, in 3 storms of 3; breaks with 21/s" in told
    assert "power-returns: holds with 40 nodes, in 3 storms of 3; breaks with 42 nodes" in told
    assert "41 of 42 nodes were ready: 1 gave up without an offer" in told


def test_the_contracts_terms_are_what_breaks(
    scripted: Callable[[Script], list[StormPlan]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Every node is ready in the end, and those of a large storm too late; a storm ends when it is late."""
    plans = scripted(lambda plan: replace(all_bound(plan), completion=(BoundBy(plan.nodes, plan.nodes),)))
    assert main(FIND) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "power-returns: holds with 60 nodes, in 3 storms of 3; breaks with 65 nodes" in told
    assert "the time until the last node was ready was 6" in told
    within = {plan.within for plan in plans if plan.arrival is Arrival.POWER_RETURNS}
    assert within == {timedelta(seconds=62)}


def test_until_when_all_are_ready_is_of_the_contracts_arrival(
    scripted: Callable[[Script], list[StormPlan]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Nodes at another rate come for another time; how long each waits is compared all the same."""
    late = (BoundBy(99.0, 100),)
    slow, soon = (Percentiles(101, 1.0, 1.0, 2.0, p99, 5.0) for p99 in (4.5, 0.1))
    scripted(
        lambda plan: replace(all_bound(plan), completion=late, to_offer=slow if plan.rate > 20 else soon)
    )
    main(FIND)
    told = " ".join(capsys.readouterr().out.split())
    assert "constant: holds with 20/s, in 3 storms of 3; breaks with 21/s" in told
    assert "power-returns: breaks with 1 node" in told


def test_causes_are_looked_for_in_the_manifests_too(
    scripted: Callable[[Script], list[StormPlan]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They have the line that limits the server's processor time."""
    looked_in = Mock(return_value=())
    monkeypatch.setattr(storm_capacity, "storm_causes", looked_in)
    scripted(up_to(nodes=40, rate=20))
    main(FIND)
    assert looked_in.call_args.args[2].profile == "poc"


def test_the_pool_bounds_the_search(
    scripted: Callable[[Script], list[StormPlan]], capsys: pytest.CaptureFixture[str]
) -> None:
    """More nodes than addresses would measure the pool."""
    plans = scripted(all_bound)
    assert main(FIND) == 0
    assert max(plan.nodes for plan in plans) == 101
    told = " ".join(capsys.readouterr().out.split())
    assert "holds with 101 nodes, in 3 storms of 3; more was not tried, by the pool of 101 addresses" in told


def test_the_contracts_storm_bounds_it_where_the_pool_is_smaller(
    scripted: Callable[[Script], list[StormPlan]], capsys: pytest.CaptureFixture[str]
) -> None:
    """A list of machines has an address for each, beside the pool."""
    plans = scripted(all_bound)
    assert main([*FIND, "--profile=scale"]) == 0
    assert max(plan.nodes for plan in plans) == 1000
    assert "holds with 1000 nodes" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    "options,nodes",
    [
        (("--profile=poc-fixed", "--rounds=firmware,ipxe,system"), 50),
        (("--profile=scale", "--macs=consecutive"), 101),
        (("--profile=scale", "--rounds=firmware,ipxe"), 101),
    ],
)
def test_the_contracts_storm_is_of_its_own_rounds_and_macs(
    options: tuple[str, ...], nodes: int, scripted: Callable[[Script], list[StormPlan]]
) -> None:
    """Other rounds take more addresses, and a list does not have other machines."""
    plans = scripted(all_bound)
    assert main([*FIND, *options]) == 0
    assert max(plan.nodes for plan in plans) == nodes


@pytest.mark.parametrize(
    "arrival,shared,nodes",
    [
        (Arrival.POWER_RETURNS, False, 4000),
        (Arrival.POWER_RETURNS, True, 1000),
        (Arrival.CONSTANT, True, 1000),
        (Arrival.BURST, True, 1000),
    ],
)
def test_a_segment_of_others_bounds_it_too(arrival: Arrival, shared: bool, nodes: int) -> None:
    """No more nodes, and no more in a second, than one storm may have there."""
    network = "192.168.96.0/20"
    contract = SimpleNamespace(pool=range(4000), network=network, addresses_per_boot=2, storm=None)
    settings = cast(Settings, SimpleNamespace(contract=contract))
    assert storm_capacity.largest(settings, StormPlan(arrival=arrival), shared=shared).nodes == nodes


@pytest.mark.parametrize(
    "change,status",
    [
        ({"interrupted": True}, EXIT_INTERRUPTED),
        ({"lost_here": 1}, EXIT_FOUND_WANTING),
        ({"bound": 0}, EXIT_FOUND_WANTING),
    ],
)
def test_a_search_that_finds_nothing_is_not_green(
    change: dict[str, object],
    status: int,
    scripted: Callable[[Script], list[StormPlan]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Interrupted, on a machine that is too slow, or with a server that boots nobody."""
    scripted(lambda plan: replace(all_bound(plan), **change))  # type: ignore[arg-type]
    assert main([*FIND, "--json"]) == status
    found = json.loads(capsys.readouterr().out)
    assert found["pool"] == 101
    assert found["rate"]["held"] is None


def test_search_without_time_says_that_nothing_was_tried(
    scripted: Callable[[Script], list[StormPlan]], capsys: pytest.CaptureFixture[str]
) -> None:
    """No edge was near; what the status says is in the command's help."""
    plans = scripted(all_bound)
    monotonic = iter(range(0, 10_000, 1000))
    with patch("time.monotonic", lambda: next(monotonic)):
        assert main([*FIND, "--budget=1s"]) == EXIT_FOUND_WANTING
    told = capsys.readouterr().out
    assert "constant: not tried, since the time was over (--budget)" in told
    assert "power-returns: not tried, since the time was over (--budget)" in told
    assert not plans


def test_one_configuration_is_searched(capsys: pytest.CaptureFixture[str]) -> None:
    """Two searches would take twice the time that was given."""
    assert main([*FIND, "--what-if=no-ping"]) == EXIT_USAGE
    assert "--find-capacity: searches with one configuration; leave out --what-if" in capsys.readouterr().err
