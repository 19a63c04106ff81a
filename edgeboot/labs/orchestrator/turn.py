"""A run's turn on a segment: this machine's other runs are kept off by a lock, those of others by a Lease."""

from __future__ import annotations

from typing import Final

from edgeboot.host.journal import Journal
from edgeboot.labs.orchestrator.cluster_lease.cluster_lease import ClusterLease
from edgeboot.labs.orchestrator.cluster_lease.holder import holder_identity
from edgeboot.labs.orchestrator.cluster_lease.lease_object import LeaseObject
from edgeboot.labs.orchestrator.cluster_lease.leftover import HeldLease
from edgeboot.labs.orchestrator.lock import LockFile, SegmentLock
from edgeboot.labs.orchestrator.options import OrchestratorOptions
from edgeboot.labs.stages import Stages
from edgeboot.server.pod.access import Access

_LEASE: Final = "Lease"
"""The stage in which it is taken: a minute where the last holder was killed."""


class Turn:
    """From ``begin`` to ``end``, or until the Lease is lost."""

    def __init__(self, options: OrchestratorOptions, run: str) -> None:
        self._name = options.lease
        self._run = run
        self._lock = SegmentLock(options.segment)
        self._lease: ClusterLease | None = None

    def begin(self, access: Access, journal: Journal, stages: Stages) -> None:
        """Take both, each journalled first.

        Raises:
            LabError: another run is at work; with who, and since when. Or the cluster refuses.
        """
        journal.about_to_make(LockFile(self._lock.path))
        self._lock.take(self._run)
        if self._name is None:
            return
        lease, holder = LeaseObject(access, self._name), holder_identity(self._run)
        journal.about_to_make(HeldLease(lease, holder))
        self._lease = ClusterLease(lease, holder)
        with stages.stage(_LEASE):
            self._lease.take()

    def check(self) -> None:
        """Return while no other run may be on the segment.

        Raises:
            LabError: the Lease is lost.
        """
        if self._lease is not None:
            self._lease.check()

    @property
    def is_lost(self) -> bool:
        """Whether another run may be on the segment."""
        return self._lease is not None and self._lease.is_lost

    def end(self) -> None:
        """After what the journal has: the Lease is released by then."""
        if self._lease is not None:
            self._lease.end()
            self._lease = None
        self._lock.give_back()
