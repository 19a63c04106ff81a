"""The kernel's table of neighbours (ARP), which is one for all network namespaces of a machine.

Sources: the kernel's net/core/neighbour.c (``neigh_alloc``, ``neigh_stat_seq_show``) and arp(7).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

LIMIT: Final = Path("/proc/sys/net/ipv4/neigh/default/gc_thresh3")
"""How many entries it holds at most."""
_STATISTICS: Final = Path("/proc/net/stat/arp_cache")
"""A line for each processor, below one with the names; hexadecimal. In the first network namespace only."""
_FULL: Final = "table_fulls"


@dataclass(frozen=True, slots=True)
class NeighbourTable:
    """What of it has been counted so far."""

    refused: int
    """How often it had no place for a new entry, so that a packet was not sent or no entry was made."""
    limit: int

    @classmethod
    def now(cls) -> Self | None:
        """None where the kernel does not show it to this process."""
        with suppress(OSError, ValueError):
            names, *rows = _STATISTICS.read_text(encoding="ascii").splitlines()
            columns = names.split()
            counts = [[int(each, 16) for each in row.split()] for row in rows]
            refused = sum(row[columns.index(_FULL)] for row in counts)
            return cls(refused, int(LIMIT.read_text(encoding="ascii")))
        return None
