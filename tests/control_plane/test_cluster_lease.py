"""A run's Lease at a real API server: refused, waited for, renewed, lost and released."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

import pytest

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.errors import LabError
from edgeboot.labs.orchestrator.cluster_lease.cluster_lease import ClusterLease
from edgeboot.labs.orchestrator.cluster_lease.lease_object import LeaseObject, ReadLease
from edgeboot.labs.orchestrator.cluster_lease.leftover import HeldLease
from edgeboot.labs.orchestrator.cluster_lease.record import LeaseRecord, LeaseTimes
from edgeboot.server.pod.access import Access
from tests.control_plane.plane import ControlPlane

pytestmark = pytest.mark.control_plane
FIRST, SECOND = "w1/nightly-1/ab12cd-main", "w2/nightly-2/12ab34-main"
TIMES: Final = LeaseTimes(timedelta(seconds=4), timedelta(seconds=3), timedelta(milliseconds=100))
PATIENT: Final = LeaseTimes(timedelta(seconds=90), timedelta(seconds=60), timedelta(milliseconds=100))
"""Where none of them has to pass: a busy machine is no reason to lose it."""


@dataclass(frozen=True)
class WatchedLease(LeaseObject):
    """Notes what was asked of it, and lets something happen between a reading and the replacement."""

    asked: list[str] = field(default_factory=list)
    meanwhile: list[Callable[[], object]] = field(default_factory=list)
    """Each once, after the next reading."""

    def read(self) -> ReadLease | None:
        """As the API server has it."""
        self.asked.append("read")
        found = LeaseObject.read(self)
        if self.meanwhile:
            self.meanwhile.pop()()
        return found

    def replace(self, read: ReadLease, record: LeaseRecord) -> bool:
        """As it was read."""
        self.asked.append("replace")
        return LeaseObject.replace(self, read, record)


@pytest.fixture
def lease(plane: ControlPlane, namespace: str) -> LeaseObject:
    """A Lease's place; there is none yet."""
    return LeaseObject(Access(str(plane.kubeconfig), None, namespace), "edge")


@contextmanager
def held(lease: LeaseObject, holder: str = FIRST, times: LeaseTimes = PATIENT) -> Iterator[ClusterLease]:
    """It is held and renewed while the context lasts; it is not released afterwards, as after SIGKILL."""
    held = ClusterLease(lease, holder, times)
    held.take()
    try:
        yield held
    finally:
        held.end()


@contextmanager
def stopped_api_server(plane: ControlPlane) -> Iterator[None]:
    """It answers nobody while the context lasts."""
    os.kill(plane.pids["kube-apiserver"], signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(plane.pids["kube-apiserver"], signal.SIGCONT)


def record(lease: LeaseObject) -> LeaseRecord:
    """What the API server has."""
    read = lease.read()
    assert read is not None
    return read.record


def renew(lease: LeaseObject) -> None:
    """As its holder does."""
    read = lease.read()
    assert read is not None
    assert lease.replace(read, read.record.renewed_now())


def await_seconds(seconds: float) -> None:
    """Until so much time has passed on the monotonic clock: time itself is the condition here."""
    end = time.monotonic() + seconds
    eventually("the time", lambda: True if time.monotonic() >= end else None, Wait.CLUSTER, "wait longer")


def test_first_run_creates_it_and_renews_it(lease: LeaseObject) -> None:
    """With holder and no transition; only its renewTime changes while the run lives."""
    with held(lease) as run:
        first = record(lease)
        renewed = eventually("a renewal", lambda: _other_than(first, lease), Wait.CLUSTER, "see the log")
        run.check()
    assert (first.holder, first.transitions, renewed.acquired) == (FIRST, 0, first.acquired)


def test_lease_is_found_by_its_label(lease: LeaseObject) -> None:
    """Many segments leave many, which a site removes by it."""
    with held(lease):
        read = lease.read()
    assert read is not None
    assert read.found.metadata.labels == {"app.kubernetes.io/name": "edgeboot"}


def _other_than(before: LeaseRecord, lease: LeaseObject) -> LeaseRecord | None:
    now = record(lease)
    return now if now != before else None


def test_live_holder_is_named_and_since_when(lease: LeaseObject) -> None:
    """The second run ends at once; the first one keeps it."""
    with held(lease) as run:
        with pytest.raises(LabError, match=rf"/edge: is held by {FIRST} since 20.* UTC, which renews it"):
            ClusterLease(lease, SECOND, TIMES).take()
        run.check()
    assert record(lease).holder == FIRST


def test_stale_one_is_waited_for_and_taken_over(lease: LeaseObject) -> None:
    """Not before its duration has passed without a change, as the waiting run's own clock has it."""
    with held(lease, times=TIMES):
        pass
    began = time.monotonic()
    with held(lease, SECOND, TIMES):
        assert time.monotonic() - began >= TIMES.duration.total_seconds()
        assert (record(lease).holder, record(lease).transitions) == (SECOND, 1)


def test_released_one_is_taken_at_once(lease: LeaseObject) -> None:
    """By an empty holderIdentity; what undoes it for a killed run is the same."""
    with held(lease):
        assert HeldLease(lease, FIRST).undo()
    assert (record(lease).holder, record(lease).duration) == ("", timedelta(seconds=1))
    watched = WatchedLease(lease.access, lease.name)
    with held(watched, SECOND):
        assert watched.asked[:2] == ["read", "replace"], "it was not waited for"
        assert not HeldLease(lease, FIRST).undo()
        assert record(lease).holder == SECOND


def test_renewal_in_between_does_not_keep_it_from_being_released(lease: LeaseObject) -> None:
    """The run's own: it is renewed until everything else is given back."""
    with held(lease):
        pass
    watched = WatchedLease(lease.access, lease.name, meanwhile=[lambda: renew(lease)] * 3)
    assert HeldLease(watched, FIRST).undo()
    assert record(lease).holder == ""


def test_foreign_lease_of_a_day_is_not_waited_for(lease: LeaseObject) -> None:
    """No run makes one; nobody renews it: who has it is told after the time that a run's own would take."""
    assert lease.create(replace(LeaseRecord.new("foreign\n\x1b[31m", TIMES), duration=timedelta(days=1)))
    problem = r"is held by foreign<U\+000A><U\+001B>\[31m for 86400 s, .* longer than the 4 s of a run's"
    with pytest.raises(LabError, match=problem):
        ClusterLease(lease, SECOND, TIMES).take()


def test_api_server_that_is_away_for_a_moment_is_tolerated(plane: ControlPlane, lease: LeaseObject) -> None:
    """It restarts for shorter than the deadline."""
    with held(lease) as run:
        with stopped_api_server(plane):
            await_seconds(1)
            run.check()
        before = record(lease)
        eventually("a renewal", lambda: _other_than(before, lease), Wait.CLUSTER, "see the log")
        run.check()
        assert not run.is_lost


def test_run_that_cannot_renew_it_has_lost_it_for_good(plane: ControlPlane, lease: LeaseObject) -> None:
    """Before another run may take it; also when the API server answers again."""
    with held(lease, times=TIMES) as run:
        with stopped_api_server(plane):
            await_seconds(TIMES.renew_deadline.total_seconds())
            with pytest.raises(LabError, match=r"/edge: could not be renewed for \d+ s"):
                run.check()
        record(lease)  # It answers.
        with pytest.raises(LabError, match="could not be renewed"):
            run.check()


def test_run_whose_lease_another_has_is_told_who(lease: LeaseObject) -> None:
    """Taken by hand, against the rules."""
    watched = WatchedLease(lease.access, lease.name)
    with held(watched) as run:
        read = lease.read()
        while read is not None and not lease.replace(read, read.record.taken(SECOND, TIMES)):
            read = lease.read()  # A renewal was faster.
        before = len(watched.asked)
        eventually("a look at it", lambda: watched.asked[before:] or None, Wait.CLUSTER, "see _keep")
    with pytest.raises(LabError, match=f"is held by {SECOND} now, no longer by this run"):
        run.check()
    assert run.is_lost


def test_cluster_that_refuses_is_told_with_the_role(plane: ControlPlane, namespace: str) -> None:
    """A user without the Role of manifests/rbac/lease.yaml."""
    nobody = plane.directory / f"{namespace}-nobody"
    nobody.write_text(plane.kubeconfig.read_text().replace("user: admin", "user: nobody"))
    lease = LeaseObject(Access(str(nobody), None, namespace), "edge")
    with pytest.raises(LabError, match=r"may not get leases\.coordination\.k8s\.io"):
        ClusterLease(lease, FIRST, TIMES).take()
