"""One term that does not go together with another one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What the error of a refused contract says."""

    field: str
    """The term that is to be corrected, as docs/contract.md names it."""
    problem: str
    mend: str
