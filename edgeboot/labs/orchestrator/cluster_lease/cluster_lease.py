"""The Lease that a run holds: taken when nobody has it or its holder is gone, renewed while the run lives.

The rules are those of client-go's leader election: a Lease is taken over when it has not changed for its
duration, as seen by the clock of who waits; its holder stops believing in it before that.
"""

from __future__ import annotations

import time
from threading import Event, Thread

from edgeboot.base.errors import EdgebootError, LabError
from edgeboot.base.waiting import waiting
from edgeboot.labs.orchestrator.cluster_lease.lease_object import LeaseObject
from edgeboot.labs.orchestrator.cluster_lease.record import (
    DEFAULT_TIMES,
    LeaseRecord,
    LeaseTimes,
    ObservedLease,
)
from edgeboot.server.dnsmasq.syntax import visible


class ClusterLease:
    """Held from ``take`` to ``end``; whoever ends it releases it by the journal (``HeldLease``)."""

    def __init__(self, lease: LeaseObject, holder: str, times: LeaseTimes = DEFAULT_TIMES) -> None:
        self._lease = lease
        self._holder = holder
        self._times = times
        self._renewed_at = 0.0
        """When the last renewal that was answered began: others have seen it at that time or later."""
        self._obstacle: EdgebootError | None = None
        """Why it could not be renewed the last time."""
        self._lost: LabError | None = None
        self._ended = Event()
        self._renewer = Thread(target=self._keep, name="cluster lease", daemon=True)

    def take(self) -> None:
        """Become its holder, which takes at most its duration where that of a run that is gone is waited for.

        Raises:
            LabError: another run holds and renews it; with who, and since when. Or nobody renews it, and its
                duration is longer than a run's; or the cluster refuses.
        """
        observed = ObservedLease()
        with waiting(f"{self._lease}, whose holder may be gone", self._times.duration):
            while not self._has_taken(observed):
                self._ended.wait(self._times.retry_period.total_seconds())
        self._renewer.start()

    def check(self) -> None:
        """Return where it is still held: asked before anything is done to the segment.

        Raises:
            LabError: another one has taken it, or it could not be renewed until the deadline. This stays so.
        """
        overdue = time.monotonic() - self._renewed_at
        if self._lost is None and overdue >= self._times.renew_deadline.total_seconds():
            reason = f" ({self._obstacle})" if self._obstacle is not None else ""
            problem = f"could not be renewed for {overdue:.0f} s, so that another run may take it{reason}"
            self._lost = LabError(str(self._lease), problem, "run again when the cluster answers")
        if self._lost is not None:
            raise self._lost

    @property
    def is_lost(self) -> bool:
        """Whether ``check`` has found it lost, or the last attempt to renew it has."""
        return self._lost is not None

    def end(self) -> None:
        """Stop renewing it."""
        self._ended.set()
        if self._renewer.is_alive():
            self._renewer.join()

    def _has_taken(self, observed: ObservedLease) -> bool:
        """One attempt; False where it is worth another one."""
        now = time.monotonic()
        try:
            read = self._lease.read()
            if read is None:
                taken = self._lease.create(LeaseRecord.new(self._holder, self._times))
            else:
                observed.note(read.record, now)
                free = observed.is_free(now)
                if not free and observed.changes:
                    raise self._is_alive(read.record)
                if not free and now - observed.changed_at > self._times.duration.total_seconds():
                    raise self._is_no_run_s(read.record)
                taken = free and self._lease.replace(read, read.record.taken(self._holder, self._times))
        except _HeldByAnother:
            raise
        except LabError:
            if observed.record is None or now - observed.seen_at > self._times.renew_deadline.total_seconds():
                raise
            return False  # An API server that restarts while a stale one is waited for.
        if taken:
            self._renewed_at = now
        return taken

    def _is_alive(self, record: LeaseRecord) -> LabError:
        since = "" if record.acquired is None else f" since {record.acquired:%Y-%m-%d %H:%M:%S %Z}"
        problem = f"is held by {visible(record.holder)}{since}, which renews it"
        return _HeldByAnother(str(self._lease), problem, "wait for the end of that run, or end it")

    def _is_no_run_s(self, record: LeaseRecord) -> LabError:
        held, own = (each.total_seconds() for each in (record.duration, self._times.duration))
        problem = (
            f"is held by {visible(record.holder)} for {held:.0f} s, which does not renew it, and is longer"
            f" than the {own:.0f} s of a run's"
        )
        hint = "see who makes it, or name another by --lease; if its holder is gone, kubectl delete lease"
        return _HeldByAnother(str(self._lease), problem, hint)

    def _keep(self) -> None:
        while self._lost is None and not self._ended.wait(self._times.retry_period.total_seconds()):
            try:
                self.check()  # What is overdue is not renewed any more: the run has been told so, or will be.
                self._renew()
            except EdgebootError as error:
                self._obstacle = error

    def _renew(self) -> None:
        now = time.monotonic()
        read = self._lease.read()
        if read is None:  # Deleted by hand: as good as nobody's.
            renewed = self._lease.create(LeaseRecord.new(self._holder, self._times))
        elif read.record.holder == self._holder:
            renewed = self._lease.replace(read, read.record.renewed_now())
        else:
            who = visible(read.record.holder) or "nobody: it was released from outside"
            hint = "wait for the end of that run, or see who changes this Lease"
            self._lost = LabError(str(self._lease), f"is held by {who} now, no longer by this run", hint)
            return
        if renewed:
            self._renewed_at, self._obstacle = now, None


class _HeldByAnother(LabError):
    """Whoever has it is not waited for."""
