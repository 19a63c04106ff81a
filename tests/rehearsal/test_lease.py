"""A run on a site that says by a Lease who is at work (--lease)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from edgeboot.labs.orchestrator.cluster_lease.cluster_lease import ClusterLease
from edgeboot.labs.orchestrator.cluster_lease.lease_object import LeaseObject
from edgeboot.labs.orchestrator.cluster_lease.leftover import HeldLease
from edgeboot.labs.orchestrator.cluster_lease.record import LeaseRecord, LeaseTimes
from edgeboot.server.pod.access import Access
from tests.rehearsal.operator import Operator, RunOptions
from tests.rehearsal.site import NAMESPACE, Site, bind_role

pytestmark = pytest.mark.rehearsal
WITH_LEASE = RunOptions(("--lease=edge",))
ANOTHER = "w2/edgeboot-nightly-2/12ab34-main"
TIMES = LeaseTimes(timedelta(seconds=15), timedelta(seconds=10), timedelta(seconds=2))


@pytest.fixture
def lease(site: Site) -> LeaseObject:
    """The segment's, as the site's owner sees it; the operator has the Role for it."""
    bind_role(site.cluster, "lease")
    return LeaseObject(Access(str(site.cluster.kubeconfig), None, NAMESPACE), "edge")


@pytest.fixture
def held(lease: LeaseObject) -> Iterator[None]:
    """Another machine's run holds it."""
    held = ClusterLease(lease, ANOTHER, TIMES)
    held.take()
    yield
    held.end()
    HeldLease(lease, ANOTHER).undo()


def record(lease: LeaseObject) -> LeaseRecord:
    """What the API server has."""
    read = lease.read()
    assert read is not None
    return read.record


def test_run_holds_it_and_leaves_it_without_a_holder(lease: LeaseObject, operator: Operator) -> None:
    """It is taken before anything is sent, and released when everything else is given back."""
    run = operator.run(WITH_LEASE)
    assert run.status == 0, run.output
    assert "lab orchestrator: Lease " in run.output
    assert record(lease).holder == ""


@pytest.mark.usefixtures("held")
def test_run_beside_a_live_holder_is_refused_with_its_name(operator: Operator) -> None:
    """Before anything is deployed or switched off."""
    run = operator.run(WITH_LEASE)
    assert run.status == 3, run.output
    assert f"Lease {NAMESPACE}/edge: is held by {ANOTHER} since 20" in run.output
    assert operator.journals == []


@pytest.mark.usefixtures("held")
def test_dry_run_names_it_and_its_holder(operator: Operator) -> None:
    """And waits for nobody."""
    run = operator.run(RunOptions((*WITH_LEASE.arguments, "--dry-run")))
    assert run.status == 0, run.output
    assert f"would: Lease {NAMESPACE}/edge: hold it for the run" in run.output
    assert f"at present it is held by {ANOTHER}" in run.output


def test_run_that_loses_it_ends_with_status_3_and_gives_everything_back(
    lease: LeaseObject, operator: Operator
) -> None:
    """Somebody has taken it against the rules; the site is as before (site_unchanged)."""
    with operator.started(WITH_LEASE) as process:
        operator.await_midway()
        read = lease.read()
        assert read is not None
        while not lease.replace(read, read.record.taken(ANOTHER, TIMES)):
            read = lease.read()  # A renewal was faster.
            assert read is not None
        run = operator.ended(process)
    assert run.status == 3, run.output
    assert f"is held by {ANOTHER} now, no longer by this run" in run.output
    assert operator.journals == []
