"""Addresses that several nodes of a storm have got: who has them, and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final

from edgeboot.stress.storm.numbering import CONSECUTIVE, Numbering, mac_of
from edgeboot.stress.storm.round_result import Recorded

_MOST: Final = 20
"""Of them that are told; the result's count has all."""


@dataclass(frozen=True, slots=True)
class SharedAddress:
    """An address that two nodes or more have got."""

    address: IPv4Address
    nodes: tuple[str, ...]
    """Their MAC addresses."""
    servers: tuple[IPv4Address, ...]
    """The identifiers of the servers that acknowledged it."""


def shared_addresses(
    rounds: Iterable[Recorded],
    duplicates: Sequence[IPv4Address],
    macs: Numbering = CONSECUTIVE,
) -> tuple[SharedAddress, ...]:
    """Of the first of these addresses; a node may have one address in several rounds."""
    own = macs.own
    holders: dict[int, set[tuple[int, int]]] = {int(address): set() for address in duplicates[:_MOST]}
    for recorded in rounds if holders else ():
        nodes = recorded.nodes
        for number in recorded.bound:
            if nodes.address[number] in holders:
                holders[nodes.address[number]].add((number, nodes.server[number]))
    return tuple(
        SharedAddress(
            IPv4Address(address),
            tuple(str(mac_of(own(number))) for number in sorted({number for number, _ in held})),
            tuple(map(IPv4Address, sorted({server for _, server in held}))),
        )
        for address, held in holders.items()
    )
