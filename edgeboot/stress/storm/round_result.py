"""What one round of a storm found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from edgeboot.stress.storm.completion import BoundBy, completion
from edgeboot.stress.storm.counters import Counters
from edgeboot.stress.storm.fetch_columns import FetchColumns
from edgeboot.stress.storm.fetch_failures import FetchFailure
from edgeboot.stress.storm.nodes import Phase, VirtualNodes
from edgeboot.stress.storm.percentiles import Percentiles
from edgeboot.stress.storm.round import Round


@dataclass(frozen=True)
class Recorded:
    """A round as it ran: columns and counters, which do not change any more."""

    round: Round
    nodes: VirtualNodes
    counters: Counters
    fetches: FetchColumns | None = None
    """None in a round without."""
    failures: tuple[FetchFailure, ...] = ()

    @cached_property
    def done(self) -> dict[int, float]:
        """The nodes that are done with it, and when each of them was, on the monotonic clock."""
        ends = self.nodes.bound_at if self.fetches is None else self.fetches.fetched_at
        return {number: at for number, at in enumerate(ends) if at}

    @cached_property
    def bound(self) -> list[int]:
        """The nodes that have got an address."""
        return [number for number, at in enumerate(self.nodes.bound_at) if at]

    @cached_property
    def offered(self) -> list[int]:
        """The nodes that have got an offer."""
        return [number for number, at in enumerate(self.nodes.offered_at) if at]


@dataclass(frozen=True, slots=True)
class RoundResult:
    """A round, told; times are in seconds.

    Latencies count from the moment at which a node's first DHCPDISCOVER of this round was due: that of its
    arrival, and in later rounds that at which it was done with the one before.
    """

    client: str
    started: int
    bound: int
    fetched: int
    """Nodes that have their whole boot file; 0 in a round without."""
    not_offered: int
    """Nodes that gave up without an offer."""
    not_acknowledged: int
    """Nodes that gave up without an answer to their DHCPREQUEST."""
    refused: int
    """Nodes that gave up by a DHCPNAK."""
    not_fetched: int
    """Nodes that have an address and gave up without their boot file."""
    counters: Counters
    to_offer: Percentiles | None
    to_ack: Percentiles | None
    to_file: Percentiles | None
    """Until the last octet of the boot file; None in a round without."""
    offer_answers: Percentiles | None
    """Answer times to the DHCPDISCOVER before the first offer."""
    ack_answers: Percentiles | None
    """Answer times to the DHCPREQUEST before the DHCPACK."""
    fetch_times: Percentiles | None
    """From the DHCPACK to the last octet of the boot file; None in a round without."""
    completion: tuple[BoundBy, ...] = ()
    """How many nodes were done with it by when."""
    fetches: bool = False
    """Whether its nodes read a boot file."""
    failures: tuple[FetchFailure, ...] = ()
    """Why nodes have no boot file, the most frequent reason first."""

    @property
    def gave_up(self) -> int:
        """Nodes that gave up in this round."""
        return self.not_offered + self.not_acknowledged + self.refused + self.not_fetched

    @property
    def unfinished(self) -> int:
        """Nodes that were still in this round at the end."""
        return self.started - self.gave_up - (self.fetched if self.fetches else self.bound)

    @classmethod
    def of(cls, recorded: Recorded, began: float) -> Self:
        """From its columns; ``began`` is the beginning of the storm on the monotonic clock."""
        nodes, phases = recorded.nodes, Counter(recorded.nodes.phase)
        bound, offered = recorded.bound, recorded.offered
        fetched = {} if recorded.fetches is None else recorded.done
        return cls(
            client=recorded.round.client.name,
            started=nodes.count - phases[Phase.OFF],
            bound=len(bound),
            fetched=len(fetched),
            not_offered=phases[Phase.NOT_OFFERED],
            not_acknowledged=phases[Phase.NOT_ACKNOWLEDGED],
            refused=phases[Phase.REFUSED],
            not_fetched=phases[Phase.NOT_FETCHED],
            counters=recorded.counters,
            to_offer=Percentiles.of(nodes.offered_at[each] - nodes.intended[each] for each in offered),
            to_ack=Percentiles.of(nodes.bound_at[each] - nodes.intended[each] for each in bound),
            to_file=Percentiles.of(at - nodes.intended[each] for each, at in fetched.items()),
            offer_answers=Percentiles.of(nodes.offer_delay[each] for each in offered),
            ack_answers=Percentiles.of(nodes.ack_delay[each] for each in bound),
            completion=completion(at - began for at in recorded.done.values()),
            fetch_times=Percentiles.of(at - nodes.bound_at[each] for each, at in fetched.items()),
            fetches=recorded.fetches is not None,
            failures=recorded.failures,
        )
