"""What has changed since the last night, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from edgeboot.report.history.comparison import Comparison
from edgeboot.report.values import visible

_MOST: Final = 12


def text(comparison: Comparison) -> str:
    """What turned red, what turned green, which cause is new."""
    return visible("\n".join(_lines(comparison)))


def _lines(comparison: Comparison) -> Iterator[str]:
    last, before = comparison.last, comparison.before
    if comparison.newer is not None:
        yield comparison.without_a_verdict
    yield f"{last.date}: {last.verdict.sentence}"
    yield from (f"left out: {each}" for each in comparison.unreadable[:_MOST])
    if before is None:
        yield "There is no run before it to compare it with."
        return
    yield f"Compared with {before.date}: {before.verdict.sentence}"
    yield from _listed("new cause", "new causes", [cause.title for cause in comparison.new_causes])
    yield from _listed("test turned red", "tests turned red", comparison.turned_red)
    if comparison.red_and_not_run_before:
        number = len(comparison.red_and_not_run_before)
        yield f"{number} more {'is' if number == 1 else 'are'} red, and had no result in the run before"
    yield from _listed("test turned green", "tests turned green", comparison.turned_green)
    if comparison.others:
        runs = "1 run is" if comparison.others == 1 else f"{comparison.others} runs are"
        yield f"{runs} of another segment, lab, profile or contract, or did not end."


def _listed(one: str, many: str, each: Sequence[str]) -> Iterator[str]:
    yield f"{len(each) or 'no'} {one if len(each) == 1 else many}{':' if each else ''}"
    yield from (f"- {' '.join(line.split())}" for line in each[:_MOST])
    if len(each) > _MOST:
        yield f"- {len(each) - _MOST} more"
