"""What the process that prints learns from its workers' reports, also where one of them dies."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, Final

import pytest

from edgeboot.report.annotations import PROPERTY, Annotations, LabBroken, LabFacts
from edgeboot.report.premises import Premise
from edgeboot.report.triage import Plan, TriageSoFar, TriageTest
from fixtures.decisions import Decisions
from fixtures.schedule import TriageScheduling
from fixtures.settings import SETTINGS
from fixtures.triage import SO_FAR
from tests.unit.suite.test_schedule import Worker

TESTS: Final = [f"t::{number}" for number in range(20)]
PLAN: Final = Plan(
    (TriageTest(TESTS[0], (Premise.ANSWER,)), TriageTest(TESTS[1], boots="none")),
    dict.fromkeys(TESTS[1:], frozenset({Premise.ANSWER})),
)
PLANNED: Final = Annotations(plan=PLAN, lab=LabFacts("dnsmasq", "1 s", None))


def decisions(workers: int = 0) -> Decisions:
    """Of a run with its triage, and no limit."""
    config: Any = SimpleNamespace(stash=pytest.Stash())
    config.stash[SETTINGS] = SimpleNamespace(budget=None)
    config.stash[SO_FAR] = TriageSoFar(Plan((), {}))
    config.pluginmanager = SimpleNamespace(getplugin=lambda _: None)
    config.getoption = {"dist": "worksteal", "tx": ["popen"] * workers}.get
    made = Decisions(config)
    if workers:
        made.pytest_xdist_make_scheduler(config)
    return made


def report(test: str, when: str, annotations: Annotations | None = None, outcome: str = "passed") -> Any:
    """One phase of a test, as a worker sends it."""
    properties = [] if annotations is None else [(PROPERTY, annotations.encode())]
    made: Any = pytest.TestReport(test, ("t", None, test), {}, "failed", "worker crashed", "call")
    made.outcome, made.when, made.user_properties = outcome, when, properties
    return made


class Run:
    """Workers that report to it; the first tests of each carry the plan."""

    def __init__(self, workers: int) -> None:
        self.decisions = decisions(workers)
        scheduling = self.decisions._scheduling
        assert isinstance(scheduling, TriageScheduling)
        self.scheduling, self.ran = scheduling, list[str]()
        self.workers = [self.new() for _ in range(workers)]

    def new(self) -> Worker:
        """A worker that has collected."""
        worker = Worker()
        self.scheduling.add_node(worker)
        self.scheduling.add_node_collection(worker, TESTS)
        self.scheduling.schedule()
        return worker

    def crash(self, worker: Worker) -> None:
        """It dies, and another takes its place."""
        crashed = self.scheduling.remove_node(worker)
        assert crashed is not None
        self.decisions.pytest_runtest_logreport(report(crashed, "???", outcome="failed"))
        self.workers[self.workers.index(worker)] = self.new()

    def finish(self) -> None:
        """Run whatever can be run."""
        while running := [each for each in self.workers if each.can_run]:
            for worker in running:
                number = worker.queue.pop(0)
                self.ran.append(TESTS[number])
                for when in ("setup", "call", "teardown"):
                    self.decisions.pytest_runtest_logreport(report(TESTS[number], when, PLANNED))
                self.scheduling.mark_test_complete(worker, number)


@pytest.mark.parametrize("ran", [0, 1])
@pytest.mark.parametrize("workers", [1, 2])
def test_everything_is_run_where_a_worker_dies_in_the_triage(workers: int, ran: int) -> None:
    """Whether or not it has sent its plan: what needs the test that it was running is not waited for."""
    run = Run(workers)
    first = run.workers[0]
    for when in ("setup", "call", "teardown")[: 3 * ran]:
        run.decisions.pytest_runtest_logreport(report(TESTS[0], when, PLANNED))
    if ran:
        run.scheduling.mark_test_complete(first, first.queue.pop(0))
    run.crash(first)
    run.finish()
    assert sorted(run.ran) == sorted(TESTS[ran + 1 :])


def verdict_after(reports: Sequence[Any]) -> object:
    """Of the triage."""
    run = decisions()
    for each in reports:
        run.pytest_runtest_logreport(each)
    return run.triage


def test_lab_that_breaks_says_nothing_about_edge_nodes() -> None:
    """Its failure is the lab's, though it met the test that decides whether nodes boot."""
    alone = Annotations(plan=Plan(PLAN.triage[1:], {}), broken=LabBroken("lab netns: no room", 3))
    broken = [report(TESTS[1], when, alone, "failed") for when in ("setup", "teardown")]
    assert verdict_after(broken) is None


def test_plan_of_a_second_worker_forgets_nothing() -> None:
    """Each worker sends the plan with its first report."""
    plan = Annotations(plan=Plan(PLAN.triage[1:], {}), lab=PLANNED.lab)
    reports = [report(TESTS[5], "setup", plan), report(TESTS[1], "call"), report(TESTS[6], "setup", plan)]
    assert str(verdict_after([*reports, report(TESTS[1], "teardown")])) == "Edge nodes would boot."
