"""All hand-made cases."""

from __future__ import annotations

from typing import Final

from edgeboot.stress.malformed import frames, header, lengths, options, values
from edgeboot.stress.malformed.case import Case, Expectation

CORPUS: Final[tuple[Case, ...]] = tuple(
    case for table in (header, lengths, options, values, frames) for case in table.CASES
)


def expecting(expected: Expectation) -> tuple[Case, ...]:
    """The cases with this expectation."""
    return tuple(case for case in CORPUS if case.expected is expected)
