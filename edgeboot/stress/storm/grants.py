"""By which servers a storm's nodes have their addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from itertools import groupby

from edgeboot.stress.storm.round_result import Recorded


@dataclass(frozen=True, slots=True)
class Grants:
    """What one server has granted."""

    server: IPv4Address
    """Its identifier."""
    nodes: int
    """How many nodes have got an address of it, in any round."""


def grants(rounds: Iterable[Recorded]) -> tuple[Grants, ...]:
    """Of each server, the one with most nodes first."""
    holders: dict[int, set[int]] = {}
    for recorded in rounds:
        for number in recorded.bound:
            holders.setdefault(recorded.nodes.server[number], set()).add(number)
    found = (Grants(IPv4Address(server), len(nodes)) for server, nodes in holders.items())
    return tuple(sorted(found, key=lambda each: each.nodes, reverse=True))


def runs(addresses: Iterable[int]) -> Iterator[tuple[IPv4Address, IPv4Address]]:
    """The first and the last of each run of addresses that follow each other; in ascending order."""
    for _, run in groupby(enumerate(sorted(addresses)), lambda each: each[1] - each[0]):
        members = [address for _, address in run]
        yield IPv4Address(members[0]), IPv4Address(members[-1])
