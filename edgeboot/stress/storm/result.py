"""What a storm found: counts, latencies and completion, as data."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from ipaddress import IPv4Address
from types import MappingProxyType
from typing import Any, Final, Self

from edgeboot.server.server_use import ServerUse
from edgeboot.stress.storm.counters import Counters
from edgeboot.stress.storm.nodes import GAVE_UP, Phase, VirtualNodes
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.release import Release, ReleaseEnd
from edgeboot.stress.storm.staircase import Offered, Staircase

_POINTS: Final = 200
"""Of the curve of completion, at most."""


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Times in seconds, exact since each node's is kept; so many do not exceed a percentile."""

    count: int
    mean: float
    p50: float
    p90: float
    p99: float
    longest: float

    @classmethod
    def of(cls, seconds: Iterable[float]) -> Self | None:
        """None of no times."""
        ordered = sorted(seconds)
        if not ordered:
            return None
        p50, p90, p99 = (ordered[math.ceil(share * len(ordered)) - 1] for share in (0.5, 0.9, 0.99))
        return cls(len(ordered), math.fsum(ordered) / len(ordered), p50, p90, p99, ordered[-1])


@dataclass(frozen=True, slots=True)
class BoundBy:
    """A point of the curve of completion."""

    seconds: float
    """From the beginning of the storm."""
    nodes: int
    """How many were bound by then."""


@dataclass(frozen=True, slots=True)
class StormResult:
    """A storm, told; times are in seconds.

    Latencies count from the moment at which a node's first DHCPDISCOVER was intended, whenever it was sent:
    a generator that falls behind must not make a server look faster. The answer times are the server's own,
    from the message before it to the reply.
    """

    nodes: int
    client: str
    arrival: str
    rate: float | None
    seed: int
    elapsed: float
    interrupted: bool
    started: int
    bound: int
    not_offered: int
    """Nodes whose firmware gave up without an offer."""
    not_acknowledged: int
    """Nodes whose firmware gave up without an answer to their DHCPREQUEST."""
    refused: int
    """Nodes whose firmware gave up by a DHCPNAK."""
    unfinished: int
    """Nodes that were still asking at the end."""
    duplicates: tuple[IPv4Address, ...]
    """Addresses that two nodes have got: never allowed."""
    offer_collisions: int
    """Nodes that were offered an address which another node was offered, too."""
    addresses: int
    """Different addresses that were granted."""
    counters: Counters
    to_offer: Percentiles | None
    to_ack: Percentiles | None
    offer_answers: Percentiles | None
    """Answer times to the DHCPDISCOVER before the first offer."""
    ack_answers: Percentiles | None
    """Answer times to the DHCPREQUEST before the DHCPACK."""
    completion: tuple[BoundBy, ...]
    staircase: Staircase | None
    """The shape of a ping check, where the offers have it."""
    lost_here: int
    """Frames that this machine received and the storm had no room for: figures with any are not valid."""
    client_cpu: float
    """Seconds of processor time that the storm itself has taken, without what else its process does."""
    release: Release | None = None
    """What became of its leases at the end; None where they were not released."""
    server: ServerUse | None = None
    """What the server's machine and log showed meanwhile; None where nobody looked."""

    @property
    def gave_up(self) -> int:
        """Nodes whose firmware gave up."""
        return self.not_offered + self.not_acknowledged + self.refused

    @property
    def all_bound(self) -> bool:
        """Whether every node has an address of its own."""
        return self.bound == self.nodes and not self.duplicates

    @property
    def all_released(self) -> bool:
        """Whether the server has none of its leases any more, as far as that is known."""
        release = self.release
        return release is None or (release.end is ReleaseEnd.ALL and not release.remaining)

    def to_json(self) -> dict[str, Any]:
        """All of it, for other programs."""
        return asdict(replace(self, server=None)) | {
            "duplicates": [str(each) for each in self.duplicates],
            "gave_up": self.gave_up,
            "server": None if self.server is None else self.server.to_json(),
        }


def result_of(
    plan: StormPlan,
    nodes: VirtualNodes,
    counters: Counters,
    *,
    began: float,
    elapsed: float,
    lost_here: int,
    client_cpu: float,
    interrupted: bool = False,
    looked_for: Mapping[int, float] = MappingProxyType({}),
) -> StormResult:
    """The result of a storm from its columns.

    Args:
        plan: what it was.
        nodes: how each node ended.
        counters: of all messages.
        began: its beginning on the monotonic clock.
        elapsed: seconds that it took.
        lost_here: frames for which the ring had no room.
        client_cpu: seconds of processor time of the thread that ran it.
        interrupted: whether it was ended before its time.
        looked_for: when the server asked by ARP for an address, in seconds from the beginning.
    """
    phases = Counter(nodes.phase)
    bound = [number for number, phase in enumerate(nodes.phase) if phase == Phase.BOUND]
    offered = [number for number, at in enumerate(nodes.offered_at) if at]
    holders = Counter(nodes.address[number] for number in bound)
    offers = Counter(nodes.address[number] for number in offered)
    return StormResult(
        nodes=plan.nodes,
        client=plan.client.name,
        arrival=plan.arrival.value,
        rate=plan.rate if plan.arrival.has_rate else None,
        seed=plan.seed,
        elapsed=elapsed,
        interrupted=interrupted,
        started=plan.nodes - phases[Phase.OFF],
        bound=len(bound),
        not_offered=phases[Phase.NOT_OFFERED],
        not_acknowledged=phases[Phase.NOT_ACKNOWLEDGED],
        refused=phases[Phase.REFUSED],
        unfinished=plan.nodes - phases[Phase.OFF] - len(bound) - sum(phases[each] for each in GAVE_UP),
        duplicates=tuple(IPv4Address(address) for address, count in sorted(holders.items()) if count > 1),
        offer_collisions=sum(count for count in offers.values() if count > 1),
        addresses=len(holders),
        counters=counters,
        to_offer=Percentiles.of(nodes.offered_at[each] - nodes.intended[each] for each in offered),
        to_ack=Percentiles.of(nodes.bound_at[each] - nodes.intended[each] for each in bound),
        offer_answers=Percentiles.of(nodes.offer_delay[number] for number in offered),
        ack_answers=Percentiles.of(nodes.ack_delay[number] for number in bound),
        completion=_completion(sorted(nodes.bound_at[number] - began for number in bound)),
        staircase=Staircase.of([_first_offer(nodes, number, began) for number in offered], looked_for),
        lost_here=lost_here,
        client_cpu=client_cpu,
    )


def _first_offer(nodes: VirtualNodes, number: int, began: float) -> Offered:
    asked, at = nodes.intended[number] - began, nodes.offered_at[number] - began
    return Offered(at, nodes.address[number], asked)


def _completion(bound_after: Sequence[float]) -> tuple[BoundBy, ...]:
    """The curve through at most so many points; the last node is always one of them."""
    step = max(1, math.ceil(len(bound_after) / _POINTS))
    numbers = [*range(step, len(bound_after), step), *([len(bound_after)] if bound_after else [])]
    return tuple(BoundBy(bound_after[number - 1], number) for number in numbers)
