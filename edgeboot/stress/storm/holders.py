"""Which nodes of a storm have had which address, and which of them two nodes have had at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from ipaddress import IPv4Address
from typing import Final

from edgeboot.stress.storm.nodes import VirtualNodes
from edgeboot.stress.storm.round_result import Recorded

_FOREVER: Final = 0xFFFFFFFF
"""A lease time without end (RFC 2131 section 3.3)."""
_Grant = tuple[float, float, int]
"""When an address was granted, when the lease ends, and the node's number."""


class Holders:
    """Which nodes have had each address; one may have the same in several rounds."""

    def __init__(self, rounds: Iterable[tuple[VirtualNodes, Iterable[int]]]) -> None:
        self.first: dict[int, int] = {}
        """The first node by the address."""
        self.several: dict[int, set[int]] = {}
        """All nodes by the address, of those that more than one has had."""
        for nodes, numbers in rounds:
            for number in numbers:
                address = nodes.address[number]
                other = self.first.setdefault(address, number)
                if other != number:
                    self.several.setdefault(address, {other}).add(number)


def duplicates(recorded: Sequence[Recorded], holders: Holders) -> tuple[IPv4Address, ...]:
    """The addresses that a node has got while the lease of another one lasted."""
    shared = holders.several
    grants: dict[int, list[_Grant]] = {address: [] for address in shared}
    for each in recorded:
        for address, grant in _grants(each, shared.__contains__):
            grants[address].append(grant)
    return tuple(IPv4Address(address) for address in sorted(grants) if _overlap(sorted(grants[address])))


def _grants(recorded: Recorded, wanted: Callable[[int], bool]) -> Iterator[tuple[int, _Grant]]:
    nodes = recorded.nodes
    for number in recorded.bound:
        if wanted(nodes.address[number]):
            began, lasts = nodes.bound_at[number], nodes.lease_time[number]
            end = began + lasts if 0 < lasts < _FOREVER else float("inf")
            yield nodes.address[number], (began, end, number)


def _overlap(grants: Sequence[_Grant]) -> bool:
    """Whether one begins before that of another node has ended."""
    ends: dict[int, float] = {}
    for began, end, number in grants:
        if any(began < other for holder, other in ends.items() if holder != number):
            return True
        ends[number] = max(end, ends.get(number, 0.0))
    return False
