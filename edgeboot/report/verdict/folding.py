"""What of pytest's own output is left where several tests failed by one cause."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from edgeboot.report.verdict.headline import HeadlineCause, Verdict

_SHOWN: Final = 3
"""Causes whose clearest failure is shown."""
LINES: Final = 60
"""Of all failures that are shown, together."""
_FEWEST: Final = 12
_LOG: Final = "log"
_EXCHANGE: Final = "edgeboot: exchange"
Section = tuple[str, str]


def shown_failures(verdict: Verdict) -> dict[str, str]:
    """The tests whose failures are shown, and the line that stands for the others of that cause."""
    return {cause.clearest: _others(cause) for cause in verdict.causes[:_SHOWN]}


def lines_for_each(failures: int) -> int:
    """How many lines each of so many failures may have."""
    return max(_FEWEST, LINES // max(1, failures))


def fitted(sections: Sequence[Section], lines: int) -> list[Section]:
    """Sections of at most so many lines, with a last one that says what was left out.

    Older exchanges go first, then the beginnings of long sections: what is asked last has failed.
    """
    kept, exchanges = list(sections), [each for each in sections if each[0] == _EXCHANGE]
    left_out: list[str] = []
    while _height(kept) > lines and len(exchanges) > 1:
        kept.remove(exchanges.pop(0))
    if len(kept) < len(sections):
        left_out.append(f"{len(sections) - len(kept)} earlier exchanges")
    if _height(kept) > lines:
        each = max(3, (lines - 2 * len(kept)) // max(1, len(kept)))
        kept = [(title, _cut(title, body, each)) for title, body in kept]
        left_out.append("lines of what is shown")
    if left_out:
        kept.append(("edgeboot: left out", f"{' and '.join(left_out)}: report.txt has them, -vv shows them"))
    return kept


def _others(cause: HeadlineCause) -> str:
    others = len(cause.tests) - 1
    return f"+ {others} of the same cause (-vv shows them)" if others else ""


def _height(sections: Iterable[Section]) -> int:
    return sum(2 + body.count("\n") for _, body in sections)


def _cut(title: str, body: str, lines: int) -> str:
    """The end of a log, the beginning of anything else."""
    every = body.splitlines()
    if len(every) <= lines:
        return body
    return "\n".join(["…", *every[1 - lines :]] if _LOG in title else [*every[: lines - 1], "…"])
