"""What a storm found: counts, latencies and completion, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from ipaddress import IPv4Address
from types import MappingProxyType
from typing import Any

from edgeboot.base.counted import counted
from edgeboot.server.server_use import ServerUse
from edgeboot.stress.storm.completion import BoundBy, completion
from edgeboot.stress.storm.counters import Counters
from edgeboot.stress.storm.grants import Grants, grants, runs
from edgeboot.stress.storm.holders import Holders, duplicates
from edgeboot.stress.storm.lease_rewriting import LeaseRewriting
from edgeboot.stress.storm.nodes import VirtualNodes
from edgeboot.stress.storm.percentiles import Percentiles
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.release import Release, ReleaseEnd
from edgeboot.stress.storm.repliers import Replier
from edgeboot.stress.storm.round_result import Recorded, RoundResult
from edgeboot.stress.storm.shared_address import SharedAddress, shared_addresses
from edgeboot.stress.storm.silence import Silence
from edgeboot.stress.storm.staircase import Offered, Staircase


@dataclass(frozen=True, slots=True)
class StormResult:
    """A storm, told; times are in seconds.

    Latencies count from the moment at which a node's first DHCPDISCOVER was intended, whenever it was sent:
    a generator that falls behind must not make a server look faster. The answer times are the server's own,
    from the message before it to the reply. A node is ready when it is done with its last round.
    """

    nodes: int
    client: str
    """Of the first round."""
    arrival: str
    rate: float | None
    seed: int
    elapsed: float
    interrupted: bool
    started: int
    bound: int
    """Nodes that are ready."""
    not_offered: int
    """Nodes that gave up without an offer, in any round."""
    not_acknowledged: int
    """Nodes that gave up without an answer to their DHCPREQUEST."""
    refused: int
    """Nodes that gave up by a DHCPNAK."""
    unfinished: int
    """Nodes that were still asking at the end."""
    duplicates: tuple[IPv4Address, ...]
    """Addresses that a node has got while another one's lease lasted: never allowed."""
    offer_collisions: int
    """Nodes whose last offer, in a round, was of an address that another node's last offer was of, too."""
    addresses: int
    """Different addresses that were granted."""
    counters: Counters
    """Of all rounds."""
    to_offer: Percentiles | None
    """In the first round."""
    to_ack: Percentiles | None
    """In the first round."""
    offer_answers: Percentiles | None
    """Answer times to the DHCPDISCOVER before the first offer, in all rounds."""
    ack_answers: Percentiles | None
    """Answer times to the DHCPREQUEST before the DHCPACK, in all rounds."""
    completion: tuple[BoundBy, ...]
    """How many nodes were ready by when."""
    staircase: Staircase | None
    """The shape of a ping check, where the offers of the first round have it."""
    lost_here: int
    """Frames that this machine could not send, or had no room for."""
    client_cpu: float
    """Seconds of processor time that the storm itself has taken, without what else its process does."""
    release: Release | None = None
    """What became of its leases at the end; None where they were not released."""
    server: ServerUse | None = None
    """What the server's machine and log showed meanwhile; None where nobody looked."""
    offers: tuple[BoundBy, ...] = ()
    """How many nodes had an offer by when, in the first round."""
    repliers: tuple[Replier, ...] = ()
    """Who answered, as far as the lab has captured it."""
    grants: tuple[Grants, ...] = ()
    """By which servers the nodes have their addresses."""
    granted: tuple[tuple[IPv4Address, IPv4Address], ...] = ()
    """The first and the last of each run of addresses that were granted."""
    shared: tuple[SharedAddress, ...] = ()
    """Of ``duplicates`` the first: who has them."""
    rewriting: LeaseRewriting | None = None
    """What each answer wrote, where it grew with the leases as that of a lease file written anew."""
    rounds: tuple[RoundResult, ...] = ()
    not_fetched: int = 0
    """Nodes that have an address and gave up without their boot file."""
    to_file: Percentiles | None = None
    """In the first round that has a boot file; None without."""
    to_ready: Percentiles | None = None
    """From the intended beginning of the first round to the end of the last."""
    macs: str | None = None
    """How its nodes' MAC addresses follow each other; None in a result that was made before this was told."""
    clock_step: float = 0.0
    """Seconds by which this machine's clock was set meanwhile, forwards or, if negative, backwards."""
    silence: Silence | None = None
    """The end of the storm without a reply; None where no node has asked after the last one."""

    @property
    def not_valid(self) -> str | None:
        """Why its figures say nothing of the server; None where they do."""
        if self.lost_here:
            lost = counted(self.lost_here, "frame")
            return f"{lost} lost on this machine: it was too slow for this storm"
        if self.clock_step:
            return f"this machine's clock was set by {self.clock_step:+.3f} s during the storm"
        return None

    @property
    def gave_up(self) -> int:
        """Nodes that gave up, in any round."""
        return self.not_offered + self.not_acknowledged + self.refused + self.not_fetched

    @property
    def all_bound(self) -> bool:
        """Whether every node is ready, and has an address of its own."""
        return self.bound == self.nodes and not self.duplicates

    @property
    def all_released(self) -> bool:
        """Whether the server has none of its leases any more, as far as that is known."""
        release = self.release
        return release is None or (release.end is ReleaseEnd.ALL and not release.remaining)

    def to_json(self) -> dict[str, Any]:
        """All of it, for other programs."""
        data: dict[str, Any] = _plain(asdict(self) | {"gave_up": self.gave_up})
        return data


def result_of(
    plan: StormPlan,
    recorded: Sequence[Recorded],
    *,
    began: float,
    elapsed: float,
    lost_here: int,
    client_cpu: float,
    interrupted: bool = False,
    looked_for: Mapping[int, float] = MappingProxyType({}),
    last_reply: float | None = None,
    clock_step: float = 0.0,
) -> StormResult:
    """The result of a storm from its columns.

    Args:
        plan: what it was.
        recorded: how each node ended in each round.
        began: its beginning on the monotonic clock.
        elapsed: seconds that it took.
        lost_here: frames for which the ring had no room.
        client_cpu: seconds of processor time of the thread that ran it.
        interrupted: whether it was ended before its time.
        looked_for: when the server asked by ARP for an address, in seconds from the beginning.
        clock_step: seconds by which the system's clock was set meanwhile.
        last_reply: when the last reply came, on the monotonic clock, 0 for none; None if that is not known.
    """
    rounds = tuple(RoundResult.of(each, began) for each in recorded)
    first, nodes = rounds[0], recorded[0].nodes
    ready = recorded[-1].done
    holders = Holders((each.nodes, each.bound) for each in recorded)
    found = duplicates(recorded, holders)
    offers = Holders((each.nodes, each.offered) for each in recorded)
    counters = Counters.of_all(each.counters for each in recorded)
    gave_up = sum(each.gave_up for each in rounds)
    return StormResult(
        nodes=plan.nodes,
        client=first.client,
        arrival=plan.arrival.value,
        rate=plan.rate if plan.arrival.has_rate else None,
        seed=plan.seed,
        macs=plan.macs.value,
        elapsed=elapsed,
        interrupted=interrupted,
        started=first.started,
        bound=len(ready),
        not_offered=sum(each.not_offered for each in rounds),
        not_acknowledged=sum(each.not_acknowledged for each in rounds),
        refused=sum(each.refused for each in rounds),
        unfinished=first.started - len(ready) - gave_up,
        duplicates=found,
        offer_collisions=sum(map(len, offers.several.values())),
        addresses=len(holders.first),
        counters=counters,
        to_offer=first.to_offer,
        to_ack=first.to_ack,
        offer_answers=Percentiles.of(each.nodes.offer_delay[of] for each in recorded for of in each.offered),
        ack_answers=Percentiles.of(each.nodes.ack_delay[of] for each in recorded for of in each.bound),
        completion=completion(at - began for at in ready.values()),
        staircase=Staircase.of(
            [_first_offer(nodes, number, began) for number in recorded[0].offered], looked_for
        ),
        offers=completion(nodes.offered_at[each] - began for each in recorded[0].offered),
        lost_here=lost_here + counters.unsent,
        clock_step=clock_step,
        client_cpu=client_cpu,
        grants=grants(recorded),
        granted=tuple(runs(holders.first)),
        shared=shared_addresses(recorded, found, plan.numbering),
        rounds=rounds,
        not_fetched=sum(each.not_fetched for each in rounds),
        to_file=next((each.to_file for each in rounds if each.to_file is not None), None),
        to_ready=Percentiles.of(at - nodes.intended[number] for number, at in ready.items()),
        silence=None if last_reply is None else Silence.of(recorded, began, elapsed, last_reply),
    )


def _plain(value: Any) -> Any:
    """As JSON has it: addresses as text, tuples as lists."""
    match value:
        case dict():
            return {str(key): _plain(each) for key, each in value.items()}
        case tuple() | list():
            return [_plain(each) for each in value]
        case IPv4Address():
            return str(value)
        case _:
            return value


def _first_offer(nodes: VirtualNodes, number: int, began: float) -> Offered:
    asked, at = nodes.intended[number] - began, nodes.offered_at[number] - began
    return Offered(at, nodes.address[number], asked)
