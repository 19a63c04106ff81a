"""What a storm is: how many nodes, of which clients, when they come, and how long they are given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from edgeboot.base.counted import counted
from edgeboot.base.errors import UsageError
from edgeboot.dhcp.clients import EDK2_PXE_X86_64
from edgeboot.spec.contract.storm_terms import (
    LONGEST,
    MOST_AT_ONCE,
    MOST_IN_A_SECOND,
    USUAL_TIME,
    Arrival,
    MacOrder,
)
from edgeboot.spec.contract.terms import written_duration
from edgeboot.stress.storm.numbering import Numbering
from edgeboot.stress.storm.round import MOST_ROUNDS, Round


@dataclass(frozen=True, slots=True)
class StormPlan:
    """A storm.

    Raises:
        UsageError: a number cannot be used.
    """

    nodes: int = 100
    arrival: Arrival = Arrival.POWER_RETURNS
    rate: float = 50.0
    """Nodes in a second, where the arrival has a rate."""
    within: timedelta = USUAL_TIME
    """When it ends at the latest, whatever its nodes still wait for."""
    rounds: tuple[Round, ...] = (Round(EDK2_PXE_X86_64),)
    """What each node runs, one after the other; the next begins as soon as the one before is done."""
    macs: MacOrder = MacOrder.CONSECUTIVE
    """How the nodes' MAC addresses follow each other."""
    seed: int = 1
    """What random arrivals are made from, and scattered MAC addresses."""
    mac_seed: int | None = None
    """What those are made from, where a list has them; None for ``seed``."""

    def __post_init__(self) -> None:
        if not 0 < self.nodes <= MOST_AT_ONCE:
            raise UsageError(f"--nodes {self.nodes}", "is no number of nodes", f"give 1 to {MOST_AT_ONCE}")
        if not timedelta() < self.within <= LONGEST:
            given = f"--within {written_duration(self.within)}"
            hint = f"give {written_duration(LONGEST)} at most"
            raise UsageError(given, "is too long for a storm", hint)
        if not 0 < self.rate <= MOST_IN_A_SECOND:
            hint = f"give more than 0, {MOST_IN_A_SECOND:.0f} at most"
            raise UsageError(f"--rate {self.rate:g}", "is no number of nodes in a second", hint)
        if not 0 < len(self.rounds) <= MOST_ROUNDS:
            raise UsageError("--rounds", f"has {len(self.rounds)} rounds", f"give 1 to {MOST_ROUNDS}")

    def __str__(self) -> str:
        rate = f" at {self.rate:g}/s" if self.arrival.has_rate else ""
        return f"{counted(self.nodes, 'node')} of {self.clients}, {self.arrival}{rate}"

    @property
    def numbering(self) -> Numbering:
        """Which MAC addresses the nodes have."""
        return Numbering(self.macs, self.seed if self.mac_seed is None else self.mac_seed)

    @property
    def fetches(self) -> bool:
        """Whether nodes read boot files in any round."""
        return any(each.fetches for each in self.rounds)

    @property
    def clients(self) -> str:
        """What each node runs, in words."""
        return ", then ".join(each.client.name for each in self.rounds)
