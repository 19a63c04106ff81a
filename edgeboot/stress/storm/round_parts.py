"""What the parts of one round work with: its client, its nodes, what they count and how they send."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from edgeboot.stress.storm.counters import Counters
from edgeboot.stress.storm.nodes import VirtualNodes
from edgeboot.stress.storm.round import Round
from edgeboot.stress.storm.sending import Send


@dataclass(frozen=True, slots=True)
class RoundParts:
    """Of one round of a storm."""

    round: Round
    """Has its client."""
    transaction: int
    """Of its messages."""
    nodes: VirtualNodes
    counters: Counters
    send: Send
    """Sends a frame, or counts it as unsent."""
    own: Callable[[int], int]
    """Makes a node's number the one in its frames."""
