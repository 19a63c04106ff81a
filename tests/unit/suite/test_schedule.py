"""The scheduler of workers: triage first, two tests in a queue, and everything is run once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import pytest

from fixtures.schedule import TriageScheduling

TESTS: Final = [f"test_{number}" for number in range(40)]
TRIAGE: Final = TESTS[:3]


@dataclass(eq=False)
class Worker:
    """Runs a test of its queue when it knows the next one, or that there is none, as xdist's do."""

    queue: list[int] = field(default_factory=list)
    shutting_down: bool = False

    def send_runtest_some(self, tests: list[int]) -> None:
        """More work."""
        self.queue += tests

    def shutdown(self) -> None:
        """No more work."""
        self.shutting_down = True

    @property
    def can_run(self) -> bool:
        """Whether it knows what comes after its first test."""
        return bool(self.queue) and (len(self.queue) > 1 or self.shutting_down)


@dataclass
class Session:
    """The process that prints, with what it knows."""

    workers: list[Worker]
    undecided: set[str] = field(default_factory=set)
    unwanted: set[str] = field(default_factory=set)
    ran: list[str] = field(default_factory=list)
    not_run: list[str] = field(default_factory=list)
    differences: list[Worker] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.scheduling = TriageScheduling(
            len(self.workers),
            lambda test: test not in self.undecided,
            self._leave_out,
            lambda worker, _, __: self.differences.append(worker),
        )
        for worker in self.workers:
            self.scheduling.add_node(worker)

    def _leave_out(self, test: str) -> bool:
        if test in self.unwanted:
            self.not_run.append(test)
        return test in self.unwanted

    def collected(self, *workers: Worker, tests: list[str] = TESTS) -> None:
        """These workers have collected."""
        for worker in workers:
            self.scheduling.add_node_collection(worker, tests)
            self.scheduling.schedule()

    def run_one(self, worker: Worker) -> None:
        """A worker runs its first test."""
        assert worker.can_run
        number = worker.queue.pop(0)
        self.ran.append(TESTS[number])
        if TESTS[number] == TRIAGE[-1]:
            self.undecided.clear()
        self.scheduling.begin(TRIAGE)
        self.scheduling.mark_test_complete(worker, number)

    def run(self) -> None:
        """Everything that is left."""
        while running := [worker for worker in self.workers if worker.can_run]:
            for worker in running:
                self.run_one(worker)
            if self.scheduling.tests_finished:
                for worker in self.workers:
                    worker.shutdown()


@pytest.fixture
def session() -> Session:
    """With four workers."""
    return Session([Worker() for _ in range(4)])


@pytest.mark.parametrize("undecided", [set(), set(TESTS[3:]), set(TESTS[3:20])], ids=["none", "all", "some"])
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_every_test_is_run_once(workers: int, undecided: set[str]) -> None:
    """However many workers there are, and whatever waits for the triage."""
    session = Session([Worker() for _ in range(workers)], set(undecided))
    session.collected(*session.workers)
    session.run()
    assert sorted(session.ran) == sorted(TESTS)
    assert session.scheduling.tests_finished


def test_first_worker_begins_alone(session: Session) -> None:
    """Its lab shows whether any lab can come up."""
    first, *others = session.workers
    session.collected(first, *others)
    assert (first.queue, [worker.queue for worker in others]) == ([0, 1], [[], [], []])


def test_others_begin_with_what_needs_no_premise(session: Session) -> None:
    """While the triage is still running."""
    session.undecided = set(TESTS[3:20])
    first, *others = session.workers
    session.collected(first, *others)
    session.run_one(first)
    sent = {TESTS[number] for worker in others for number in worker.queue}
    assert sent
    assert not sent & session.undecided


def test_triage_ends_though_everything_else_waits_for_it(session: Session) -> None:
    """A worker runs its last test only when it knows the next one."""
    session.undecided = set(TESTS[3:])
    first, *others = session.workers
    session.collected(first, *others)
    for _ in TRIAGE:
        session.run_one(first)
    assert session.ran == TRIAGE
    assert all(worker.queue for worker in others)


def test_test_that_is_not_to_be_run_is_never_sent(session: Session) -> None:
    """It is reported, once."""
    session.unwanted = set(TESTS[3:])
    session.collected(*session.workers)
    session.run()
    assert (session.ran, session.not_run) == (TRIAGE, TESTS[3:])


def test_few_tests_take_few_workers(session: Session) -> None:
    """A lab takes longer to come up than a few tests to run."""
    first, *others = session.workers
    session.collected(first, *others, tests=TESTS[:9])
    session.run_one(first)
    assert [worker.shutting_down for worker in others] == [True, True, True]


def test_stopped_run_has_at_most_two_tests_in_each_queue(session: Session) -> None:
    """What is not sent need not be taken back."""
    session.collected(*session.workers)
    session.run_one(session.workers[0])
    assert [len(worker.queue) for worker in session.workers] == [2, 2, 2, 2]


def test_tests_of_a_worker_that_crashed_are_run_by_others(session: Session) -> None:
    """All but the one that it was running."""
    first, second, *_ = session.workers
    session.collected(*session.workers)
    session.run_one(first)
    running = TESTS[second.queue[0]]
    second.shutdown()
    second.queue.clear()
    assert session.scheduling.remove_node(second) == running
    session.run()
    assert sorted([*session.ran, running]) == sorted(TESTS)


def test_triage_goes_on_where_its_worker_crashed(session: Session) -> None:
    """Another one leads then."""
    first, *_ = session.workers
    session.collected(*session.workers)
    first.queue.clear()
    first.shutdown()
    assert session.scheduling.remove_node(first) == TRIAGE[0]
    session.run()
    assert session.ran[:2] == TRIAGE[1:]


def test_worker_that_is_still_ending_has_nobodys_place(session: Session) -> None:
    """The one that was enough for a few tests has crashed, and another one was started for it."""
    first, *others = session.workers
    session.collected(first, *others, tests=TESTS[:9])
    session.run_one(first)
    first.queue.clear()
    first.shutdown()
    crashed = session.scheduling.remove_node(first)
    session.workers.append(another := Worker())
    session.scheduling.add_node(another)
    session.collected(another, tests=TESTS[:9])
    session.run()
    assert sorted([*session.ran, str(crashed)]) == TESTS[:9]


def test_worker_that_has_collected_other_tests_is_not_used(session: Session) -> None:
    """Its numbers would mean other tests."""
    first, second, *_ = session.workers
    session.collected(first)
    session.collected(second, tests=TESTS[1:])
    assert session.differences == [second]
    assert second.shutting_down
