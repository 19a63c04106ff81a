"""How far a storm is while it runs."""

from __future__ import annotations

from dataclasses import dataclass

from edgeboot.base.mac import MacAddress


@dataclass(frozen=True, slots=True)
class Straggler:
    """A node that waits."""

    mac: MacAddress
    seconds: float
    """Since it was to be switched on."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a storm is."""

    elapsed: float
    """Seconds."""
    nodes: int
    started: int
    bound: int
    gave_up: int
    stragglers: tuple[Straggler, ...] = ()
    """Some that have waited longest, the longest first."""

    @property
    def waiting(self) -> int:
        """How many are on and neither bound nor given up."""
        return self.started - self.bound - self.gave_up
