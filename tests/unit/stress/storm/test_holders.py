"""Which addresses two nodes have had at once, and when a server has fallen silent."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from edgeboot.stress.storm.counters import Counters
from edgeboot.stress.storm.holders import Holders, duplicates
from edgeboot.stress.storm.nodes import VirtualNodes
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.round_result import Recorded
from edgeboot.stress.storm.silence import Silence

Grant = tuple[int, float, int]
"""Node, when it was bound, and for how long, in seconds."""
[ROUND] = StormPlan().rounds


def granted(*rounds: list[Grant]) -> list[Recorded]:
    """Rounds in which these nodes have got the same address."""
    recorded = [Recorded(ROUND, VirtualNodes(3), Counters()) for _ in rounds]
    for each, grants in zip(recorded, rounds, strict=True):
        for number, at, lasts in grants:
            each.nodes.bound_at[number] = at
            each.nodes.lease_time[number] = lasts
            each.nodes.address[number] = 7
    return recorded


@pytest.mark.parametrize(
    "rounds,is_duplicate",
    [
        ([[(0, 100.0, 60), (1, 130.0, 60)]], True),
        ([[(0, 100.0, 60), (1, 161.0, 60)]], False),
        ([[(0, 100.0, 0), (1, 900.0, 60)]], True),
        ([[(0, 100.0, 0xFFFFFFFF), (1, 900.0, 60)]], True),
        ([[(0, 100.0, 60)], [(0, 150.0, 60), (1, 170.0, 60)]], True),
        ([[(0, 100.0, 60)], [(0, 150.0, 60)]], False),
        ([[(0, 100.0, 10), (1, 120.0, 10), (2, 125.0, 10)]], True),
    ],
)
def test_an_address_is_a_duplicate_while_the_lease_lasts(
    rounds: list[list[Grant]], *, is_duplicate: bool
) -> None:
    """A lease that has ended is another node's to get; one that was got again lasts longer."""
    recorded = granted(*rounds)
    holders = Holders((each.nodes, each.bound) for each in recorded)
    assert duplicates(recorded, holders) == ((IPv4Address(7),) if is_duplicate else ())


def test_silence_is_what_nodes_have_asked_after_the_last_reply() -> None:
    """Of a server that has died in the middle of a storm, by when and for how many nodes."""
    [recorded] = granted([])
    recorded.nodes.sent[0], recorded.nodes.sent[1], recorded.nodes.sent[2] = 101.0, 105.0, 109.0
    assert Silence.of([recorded], 100.0, 60.0, 102.0) == Silence(since=2.0, nodes=2, until=9.0)
    assert Silence.of([recorded], 100.0, 60.0, 0.0) == Silence(since=0.0, nodes=3, until=9.0)
    assert Silence.of([recorded], 100.0, 60.0, 110.0) is None


def test_a_storm_that_was_ended_is_no_silence() -> None:
    """Who asked just before may have been answered after it."""
    [recorded] = granted([])
    recorded.nodes.sent[0] = 109.5
    assert Silence.of([recorded], 100.0, 10.0, 109.0) is None
