"""A ladder chart as values: participants, arrows in the order of time, what is decoded and logged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from edgeboot.report.ladder.machines import Participant


class Kind(Enum):
    """What an arrow carries."""

    DHCP = "dhcp"
    REFUSAL = "refusal"
    """A DHCPNAK, a TFTP error, an HTTP status or TLS alert that refuses, a TCP reset."""
    TFTP = "tftp"
    TCP = "tcp"
    """HTTP, TLS, or the beginning and end of a connection."""
    ARP = "arp"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Row:
    """One field of a decoded message."""

    name: str
    value: str
    deviation: str = ""
    """In what it differs from the contract; empty where it does not."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """One message, or a run of messages of one transfer."""

    at: float
    """Seconds since the chart's first frame."""
    source: int
    """The number of a participant."""
    destination: int | None
    """None for everybody on the segment."""
    label: str
    kind: Kind
    rows: tuple[Row, ...] = ()
    """The message decoded."""
    log: tuple[str, ...] = ()
    """What the server logged about it."""

    @property
    def deviates(self) -> bool:
        """Whether a field of it differs from the contract."""
        return any(row.deviation for row in self.rows)


@dataclass(frozen=True, slots=True)
class Ladder:
    """The chart of one test."""

    participants: tuple[Participant, ...]
    arrows: tuple[Arrow, ...]
    began: float
    """When the first frame passed, in seconds since the epoch."""
    left_out: int = 0
    """Frames beyond the chart's limit; the capture has them."""
