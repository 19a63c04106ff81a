"""When a Lease may be taken over, by the rules of client-go's leader election."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Final

import pytest

from edgeboot.labs.orchestrator.cluster_lease.holder import holder_identity
from edgeboot.labs.orchestrator.cluster_lease.record import LeaseRecord, LeaseTimes, ObservedLease

TIMES: Final = LeaseTimes(timedelta(seconds=60), timedelta(seconds=40), timedelta(seconds=5))
HELD: Final = LeaseRecord.new("w1/nightly-1/ab12cd", TIMES)


def observed(*readings: tuple[LeaseRecord, float]) -> ObservedLease:
    """What one process knows after it has read these at these times, in seconds."""
    lease = ObservedLease()
    for record, now in readings:
        lease.note(record, now)
    return lease


@pytest.mark.parametrize("now,free", [(1000.0, False), (1059.9, False), (1060.0, True)])
def test_lease_is_stale_when_it_has_not_changed_for_its_duration_since_it_was_seen_first(
    now: float, free: bool
) -> None:
    """Whatever its renewTime says: that is another machine's clock."""
    old = replace(HELD, renewed=HELD.renewed and HELD.renewed - timedelta(days=1))
    assert observed((old, 1000.0), (old, 1030.0)).is_free(now) is free


def test_renewal_that_is_seen_counts_from_then_and_is_a_change() -> None:
    """Its holder is alive: whoever waits for its end is told so."""
    lease = observed((HELD, 1000.0), (HELD.renewed_now(), 1059.0))
    assert not lease.is_free(1060.0)
    assert lease.changes == 1


def test_lease_without_holder_is_free_at_once() -> None:
    """As a released one is."""
    assert observed((HELD.released(), 1000.0)).is_free(1000.0)


def test_transitions_count_holders_not_renewals() -> None:
    """leaseTransitions, and the holder's acquireTime stays when it renews."""
    renewed = HELD.renewed_now()
    assert (renewed.transitions, renewed.acquired) == (0, HELD.acquired)
    assert HELD.released().taken("w2/nightly-2/12ab34", TIMES).transitions == 1


def test_record_is_the_same_by_the_api() -> None:
    """The Lease's fields, a duration in seconds, times in microseconds; nothing is lost on the way."""
    spec = HELD.to_spec()
    assert (spec["holderIdentity"], spec["leaseDurationSeconds"]) == ("w1/nightly-1/ab12cd", 60)
    names = ("holder_identity", "lease_duration_seconds", "lease_transitions")
    read = SimpleNamespace(**dict(zip(names, (HELD.holder, 60, 0), strict=True)))
    read.acquire_time, read.renew_time = HELD.acquired, HELD.renewed
    assert LeaseRecord.of(read) == HELD
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", spec["renewTime"])


@pytest.mark.parametrize("seconds", [(40, 40, 5), (60, 60, 5), (60, 5, 5)])
def test_times_by_which_two_could_hold_it_are_refused(seconds: tuple[int, int, int]) -> None:
    """A holder must have ended before another one takes over, and have tried more than once."""
    with pytest.raises(ValueError, match="is not duration > renew_deadline"):
        LeaseTimes(*(timedelta(seconds=each) for each in seconds))


def test_holder_names_node_pod_and_run() -> None:
    """A Pod with hostNetwork has its node's host name: both names are told by the downward API."""
    place = {"EDGEBOOT_NODE": "w1", "EDGEBOOT_POD": "edgeboot-nightly-1-x2x4v"}
    assert holder_identity("ab12cd", place) == "w1/edgeboot-nightly-1-x2x4v/ab12cd"
    assert holder_identity("ab12cd", {}).split("/")[1].startswith("process ")
