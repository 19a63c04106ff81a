"""A run's Lease at a real API server: refused, waited for, renewed, lost and released."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

import pytest

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.errors import LabError
from edgeboot.labs.orchestrator.cluster_lease.cluster_lease import ClusterLease
from edgeboot.labs.orchestrator.cluster_lease.lease_object import LeaseObject
from edgeboot.labs.orchestrator.cluster_lease.leftover import HeldLease
from edgeboot.labs.orchestrator.cluster_lease.record import LeaseRecord, LeaseTimes
from edgeboot.server.pod.access import Access
from tests.control_plane.plane import ControlPlane

pytestmark = pytest.mark.control_plane
FIRST, SECOND = "w1/nightly-1/ab12cd-main", "w2/nightly-2/12ab34-main"
TIMES: Final = LeaseTimes(timedelta(seconds=4), timedelta(seconds=3), timedelta(milliseconds=100))


@pytest.fixture
def lease(plane: ControlPlane, namespace: str) -> LeaseObject:
    """A Lease's place; there is none yet."""
    return LeaseObject(Access(str(plane.kubeconfig), None, namespace), "edge")


@contextmanager
def held(lease: LeaseObject, holder: str = FIRST) -> Iterator[ClusterLease]:
    """It is held and renewed while the context lasts; it is not released afterwards, as after SIGKILL."""
    held = ClusterLease(lease, holder, TIMES)
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
    with held(lease):
        pass
    began = time.monotonic()
    with held(lease, SECOND):
        assert time.monotonic() - began >= TIMES.duration.total_seconds()
        assert (record(lease).holder, record(lease).transitions) == (SECOND, 1)


def test_released_one_is_taken_at_once(lease: LeaseObject) -> None:
    """By an empty holderIdentity; what undoes it for a killed run is the same."""
    with held(lease):
        assert HeldLease(lease, FIRST).undo()
    assert (record(lease).holder, record(lease).duration) == ("", timedelta(seconds=1))
    began = time.monotonic()
    with held(lease, SECOND):
        assert time.monotonic() - began < TIMES.duration.total_seconds()
        assert not HeldLease(lease, FIRST).undo()
        assert record(lease).holder == SECOND


def test_api_server_that_is_away_for_a_moment_is_tolerated(plane: ControlPlane, lease: LeaseObject) -> None:
    """It restarts for shorter than the deadline."""
    with held(lease) as run:
        with stopped_api_server(plane):
            await_seconds(TIMES.renew_deadline.total_seconds() / 3)
            run.check()
        before = record(lease)
        eventually("a renewal", lambda: _other_than(before, lease), Wait.CLUSTER, "see the log")
        run.check()


def test_run_that_cannot_renew_it_has_lost_it_for_good(plane: ControlPlane, lease: LeaseObject) -> None:
    """Before another run may take it; also when the API server answers again."""
    with held(lease) as run:
        with stopped_api_server(plane):
            await_seconds(TIMES.renew_deadline.total_seconds())
            with pytest.raises(LabError, match=r"/edge: could not be renewed for \d s"):
                run.check()
        record(lease)  # It answers.
        with pytest.raises(LabError, match="could not be renewed"):
            run.check()


def test_run_whose_lease_another_has_is_told_who(lease: LeaseObject) -> None:
    """Taken by hand, against the rules."""
    with held(lease) as run:
        read = lease.read()
        while read is not None and not lease.replace(read, read.record.taken(SECOND, TIMES)):
            read = lease.read()  # A renewal was faster.

        def lost() -> LabError | None:
            try:
                run.check()
            except LabError as error:
                return error
            return None

        error = eventually("the loss", lost, Wait.CLUSTER, "see the log")
    assert f"is held by {SECOND} now, no longer by this run" in str(error)


def test_cluster_that_refuses_is_told_with_the_role(plane: ControlPlane, namespace: str) -> None:
    """A user without the Role of manifests/rbac/lease.yaml."""
    nobody = plane.directory / f"{namespace}-nobody"
    nobody.write_text(plane.kubeconfig.read_text().replace("user: admin", "user: nobody"))
    lease = LeaseObject(Access(str(nobody), None, namespace), "edge")
    with pytest.raises(LabError, match=r"may not get leases\.coordination\.k8s\.io"):
        ClusterLease(lease, FIRST, TIMES).take()
