"""A row with its place in the file and the contract that it names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from edgeboot.labs.many_segments.row import SegmentRow
from edgeboot.spec.contract.contract import Contract


@dataclass(frozen=True, slots=True)
class NumberedRow:
    """A row that can be used by itself."""

    number: int
    """Of the file's segments, from 1."""
    line: int | None
    row: SegmentRow
    contract_file: Path
    contract: Contract
