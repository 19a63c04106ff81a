"""Many segments, for a terminal: how many stand how, the causes they share, the worst of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from edgeboot.base.counted import plural
from edgeboot.report.secrets import without_secrets
from edgeboot.report.segments.merged import Merged
from edgeboot.report.segments.segment import Segment
from edgeboot.report.segments.standing import Standing
from edgeboot.report.segments.told import absent, date, headline, left_out, overdue, sentence, share
from edgeboot.report.values import visible

_CAUSES: Final = 12
_SEGMENTS: Final = 20
_LEFT_OUT: Final = 12


def segments_text(merged: Merged) -> str:
    """The first of each list; the page and the JSON object have all."""
    return visible(without_secrets("\n".join(_lines(merged))))


def _lines(merged: Merged) -> Iterator[str]:
    yield headline(merged)
    if merged.overdue:
        yield overdue(merged)
    if merged.absent:
        yield absent(merged)
    if merged.causes:
        yield "Causes:"
    causes = [
        f"{place}. {each.title}: {share(each, merged)}" for place, each in enumerate(merged.causes, start=1)
    ]
    yield from _first(_CAUSES, causes, "")
    rows = [
        each
        for each in merged.segments
        if each.standing is not Standing.WOULD_BOOT or merged.is_overdue(each)
    ]
    if rows:
        yield "Segments, the worst first:"
    yield from _first(_SEGMENTS, [_row(each, merged) for each in rows])
    yield from _first(_LEFT_OUT, [f"left out: {each}" for each in left_out(merged)], "")


def _row(segment: Segment, merged: Merged) -> str:
    name = segment.name or "(no name)"
    late = f" Overdue: its last run began {date(segment.last.started)}." if merged.is_overdue(segment) else ""
    numbers = [str(merged.numbers[each.shared]) for each in segment.last.causes]
    because = f" By {plural(len(numbers), 'cause')} {', '.join(numbers)}." if numbers else ""
    return f"{name}, since {date(segment.since)}: {sentence(segment)}{because}{late}"


def _first(most: int, lines: list[str], mark: str = "- ") -> Iterator[str]:
    yield from (f"{mark}{' '.join(line.split())}" for line in lines[:most])
    if len(lines) > most:
        yield f"{mark}{len(lines) - most} more: the page has them"
