"""The corpus: all hand-written malformed cases of the tables in this package."""

from __future__ import annotations

from typing import Final

from edgeboot.stress.malformed import frames, header, lengths, options, values
from edgeboot.stress.malformed.case import Expectation, MalformedCase

CORPUS: Final[tuple[MalformedCase, ...]] = tuple(
    case for table in (header, lengths, options, values, frames) for case in table.CASES
)


def expecting(expected: Expectation) -> tuple[MalformedCase, ...]:
    """The cases of the corpus with this expectation."""
    return tuple(case for case in CORPUS if case.expected is expected)
