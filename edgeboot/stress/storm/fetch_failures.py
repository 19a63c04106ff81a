"""Why a storm's nodes have no boot file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from edgeboot.stress.storm.fetch_columns import FetchColumns, Step
from edgeboot.stress.storm.nodes import Phase, VirtualNodes


@dataclass(frozen=True, slots=True)
class FetchFailure:
    """Why nodes have no boot file."""

    reason: str
    nodes: int
    error: int | None = None
    """The code of the TFTP server's ERROR (RFC 1350); None where it sent none."""


class FetchFailures:
    """Nodes that have given up without their boot file.

    Args:
        nodes: of the round.
        columns: of its fetches.
    """

    def __init__(self, nodes: VirtualNodes, columns: FetchColumns) -> None:
        self.count = 0
        """How many nodes that are."""
        self._nodes = nodes
        self._columns = columns
        self._reasons: Counter[tuple[str, int | None]] = Counter()

    def add(self, number: int, reason: str, error: int | None = None) -> None:
        """A node gives up."""
        self._columns.step[number], self._columns.due[number] = Step.FAILED, 0.0
        self._nodes.phase[number] = Phase.NOT_FETCHED
        self._reasons[reason, error] += 1
        self.count += 1

    @property
    def told(self) -> tuple[FetchFailure, ...]:
        """Why, the most frequent reason first."""
        return tuple(
            FetchFailure(reason, nodes, error) for (reason, error), nodes in self._reasons.most_common()
        )
