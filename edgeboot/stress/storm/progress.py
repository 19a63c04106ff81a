"""How far a storm is while it runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a storm is."""

    elapsed: float
    """Seconds."""
    nodes: int
    started: int
    bound: int
    gave_up: int

    @property
    def waiting(self) -> int:
        """How many are on and neither bound nor given up."""
        return self.started - self.bound - self.gave_up
