"""What the readers of both formats have: packets, and what they count beside them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from typing import Final

from edgeboot.host.wire.capture.octets import Window
from edgeboot.host.wire.capture.packet import CapturedPacket

LONGEST_PACKET: Final = 262_144
"""Octets of the longest packet: libpcap's own limit of a snap length."""


class Unusable(Exception):
    """Nothing of a file can be read: why, and what its owner can do."""

    def __init__(self, problem: str, hint: str) -> None:
        self.problem = problem
        self.hint = hint
        super().__init__(problem)


class Reader(ABC):
    """Reads one capture forward."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self.number = 0
        """Packets met so far."""
        self.unread: Counter[int] = Counter()
        """Packets that were left out, by the link type that cannot be read."""
        self.untimed = 0
        """Packets without a time stamp."""

    @property
    def dropped(self) -> int:
        """Packets that passed and are not in the capture; classic files do not say."""
        return 0

    @abstractmethod
    def packets(self) -> Iterator[CapturedPacket]:
        """All packets, in the file's order.

        Raises:
            Damaged: the rest of the file cannot be read.
        """
