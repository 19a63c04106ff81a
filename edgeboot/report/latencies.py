"""How soon offers come: of nodes that are new to the server, and of those that hold a lease."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any, Final, Self

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.node.exchange import Exchange


class Nodes(Enum):
    """Of which nodes an offer is."""

    NEW = "new"
    """A new address may have to be pinged first."""
    KNOWN = "known"
    """They hold a lease, or have been offered an address before."""


Offers = Mapping[Nodes, Sequence[float]]
"""Seconds from DHCPDISCOVER to DHCPOFFER, by the kernel's time stamps."""


@dataclass(frozen=True, slots=True)
class Latency:
    """The offer latencies of a run, in seconds."""

    nodes: Nodes
    count: int
    p50: float
    p90: float
    p99: float
    longest: float

    @classmethod
    def of(cls, nodes: Nodes, seconds: Sequence[float]) -> Self:
        """Of at least one offer; a percentile is the smallest value that so many do not exceed."""
        ordered = sorted(seconds)
        p50, p90, p99 = (ordered[math.ceil(share * len(ordered)) - 1] for share in _SHARES)
        return cls(nodes, len(ordered), *(round(each, 4) for each in (p50, p90, p99, ordered[-1])))

    def to_json(self) -> dict[str, Any]:
        """As ``result.json`` has it."""
        return asdict(self) | {"nodes": self.nodes.value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What ``to_json`` wrote."""
        return cls(**{**data, "nodes": Nodes(data["nodes"])})


_SHARES: Final = (0.5, 0.9, 0.99)


def latencies(offers: Iterable[Offers]) -> tuple[Latency, ...]:
    """Of all tests together; nothing of nodes that were never offered anything."""
    seconds: dict[Nodes, list[float]] = {nodes: [] for nodes in Nodes}
    for each in offers:
        for nodes, values in each.items():
            seconds[nodes] += values
    return tuple(Latency.of(nodes, values) for nodes, values in seconds.items() if values)


@dataclass
class OfferTimes:
    """Measures the exchanges of one lab, in their order."""

    _read: int = 0
    _known: set[MacAddress] = field(default_factory=set)

    def since_last(self, exchanges: Sequence[Exchange]) -> Offers:
        """The latencies of the exchanges that were recorded since the last call."""
        measured: dict[Nodes, list[float]] = {}
        for exchange in exchanges[self._read :]:
            took, client = exchange.round_trip, exchange.request.chaddr
            if exchange.request.message_type is not MessageType.DHCPDISCOVER or took is None:
                continue
            if exchange.awaited and exchange.replies[0].message.message_type is MessageType.DHCPOFFER:
                nodes = Nodes.KNOWN if client in self._known else Nodes.NEW
                measured.setdefault(nodes, []).append(round(took.total_seconds(), 4))
            self._known.add(client)
        self._read = len(exchanges)
        return {nodes: tuple(seconds) for nodes, seconds in measured.items()}
