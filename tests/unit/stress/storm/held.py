"""The leases in the file of a storm, as another process finds them."""

from __future__ import annotations

from pathlib import Path

from edgeboot.stress.storm.lease_table import HeldLease, LeaseTable


def held_leases(path: Path, rounds: int = 1) -> tuple[HeldLease, ...]:
    """The leases in the file of a storm with so many rounds, by the nodes' numbers.

    Raises:
        OSError: it cannot be read.
    """
    try:
        table = LeaseTable.opened(path, rounds)
    except ValueError:
        return ()
    leases = tuple(table.held())
    table.close()
    return leases
