"""Contract terms about time: how long a lease is, and when it is renewed."""

from __future__ import annotations

from datetime import timedelta

from edgeboot.base.strict_model import StrictModel
from edgeboot.spec.contract.terms import Duration, LeaseTime


class LeaseTimes(StrictModel):
    """The times of a lease: the part of ``Contract`` that options 51, 58 and 59 carry."""

    lease_time: LeaseTime
    minimum_lease_time: Duration
    """The lease time of a client that requests less."""
    renewal_time: Duration
    rebinding_time: Duration

    @property
    def sets_renewal_times(self) -> tuple[bool, bool]:
        """Whether T1, and T2, are times of their own: not a half and seven eighths of the lease."""
        second = timedelta(seconds=1)
        return (
            abs(self.renewal_time - self.lease_time / 2) >= second,
            abs(self.rebinding_time - self.lease_time * 7 / 8) >= second,
        )

    @property
    def shorter_lease_time(self) -> timedelta:
        """Between the shortest and the longest time that a node can request; ``lease_time`` if they are one.

        In whole multiples of 8 s where there is one, so that a half and seven eighths of it are whole.
        """
        half = (self.minimum_lease_time + self.lease_time) / 2
        return max(half - half % timedelta(seconds=8), self.minimum_lease_time)

    def granted_lease_time(self, requested: timedelta) -> timedelta:
        """The lease time granted for a requested one, between minimum and ``lease_time``."""
        return max(min(requested, self.lease_time), self.minimum_lease_time)
