"""What a Lease says, and when it counts as expired, by the rules of client-go's leader election."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

_JITTER: Final = 1.2
"""client-go's JitterFactor: a deadline that is no longer than one pause would pass without a renewal."""


@dataclass(frozen=True, slots=True)
class LeaseTimes:
    """How long a Lease is valid, and how it is renewed.

    Raises:
        ValueError: another run could take it over while this one still believes that it holds it.
    """

    duration: timedelta = timedelta(seconds=60)
    """For which it is not taken over without being renewed."""
    renew_deadline: timedelta = timedelta(seconds=40)
    """After which its holder ends where it could not be renewed: an API server restarts in less. The rest of
    ``duration`` is there for giving back."""
    retry_period: timedelta = timedelta(seconds=5)
    """Between two requests."""

    def __post_init__(self) -> None:
        if not self.duration > self.renew_deadline > self.retry_period * _JITTER:
            raise ValueError(f"{self} is not duration > renew_deadline > {_JITTER} * retry_period")


DEFAULT_TIMES: Final = LeaseTimes()


@dataclass(frozen=True, slots=True)
class LeaseRecord:
    """The spec of a Lease (coordination.k8s.io/v1)."""

    holder: str
    """Empty where nobody holds it."""
    duration: timedelta
    acquired: datetime | None
    renewed: datetime | None
    """By its holder's clock: only that it changes says something to others."""
    transitions: int

    @classmethod
    def of(cls, spec: Any) -> Self:
        """From the client's V1LeaseSpec, in which everything is optional."""
        return cls(
            holder=spec.holder_identity or "",
            duration=timedelta(seconds=spec.lease_duration_seconds or 0),
            acquired=spec.acquire_time,
            renewed=spec.renew_time,
            transitions=spec.lease_transitions or 0,
        )

    @classmethod
    def new(cls, holder: str, times: LeaseTimes) -> Self:
        """Of a Lease that is created."""
        now = datetime.now(UTC)
        return cls(holder, times.duration, now, now, 0)

    def taken(self, holder: str, times: LeaseTimes) -> LeaseRecord:
        """After another holder's, or nobody's."""
        return replace(LeaseRecord.new(holder, times), transitions=self.transitions + 1)

    def renewed_now(self) -> LeaseRecord:
        """Of the same holder, a while longer."""
        return replace(self, renewed=datetime.now(UTC))

    def released(self) -> LeaseRecord:
        """Nobody's: whoever wants it need not wait. A second is the shortest duration there may be."""
        return replace(self.renewed_now(), holder="", duration=timedelta(seconds=1))

    def to_spec(self) -> dict[str, Any]:
        """As the API has it; times in microseconds (MicroTime)."""
        return {
            "holderIdentity": self.holder,
            "leaseDurationSeconds": int(self.duration.total_seconds()),
            "acquireTime": _micro_time(self.acquired),
            "renewTime": _micro_time(self.renewed),
            "leaseTransitions": self.transitions,
        }


class ObservedLease:
    """A Lease as one process sees it: it expires when it has not changed for its duration.

    What counts is when this process saw it change, by its own monotonic clock (seconds): the clocks of two
    machines need not agree.
    """

    def __init__(self) -> None:
        self.record: LeaseRecord | None = None
        self.seen_at = 0.0
        """When it was read the last time."""
        self.changed_at = 0.0
        self.changes = 0
        """How often it has changed since it was seen first."""

    def note(self, record: LeaseRecord, now: float) -> None:
        """It was read at ``now``."""
        self.seen_at = now
        if record == self.record:
            return
        self.changes += self.record is not None
        self.record, self.changed_at = record, now

    def is_free(self, now: float) -> bool:
        """Whether nobody holds it, or its holder has not renewed it for its duration."""
        assert self.record is not None, "it was not read"  # noqa: S101 - a programming error
        return not self.record.holder or now >= self.changed_at + self.record.duration.total_seconds()


def _micro_time(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
