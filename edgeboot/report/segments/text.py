"""Many segments, for a terminal: how many stand how, the causes they share, the worst of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from edgeboot.report.secrets import without_secrets
from edgeboot.report.segments.merged import Merged
from edgeboot.report.segments.segment import Segment
from edgeboot.report.segments.standing import Standing
from edgeboot.report.segments.told import date, headline, left_out, overdue, sentence, share
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
    if merged.causes:
        yield "Causes:"
    yield from _first(_CAUSES, [f"{each.title}: {share(each, merged)}" for each in merged.causes])
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
    cause = next(iter(segment.last.causes), None)
    because = "" if cause is None else f" {cause.title}"
    more = f" (+ {len(segment.last.causes) - 1})" if len(segment.last.causes) > 1 else ""
    return f"{name}: {sentence(segment)}{because}{more} (since {date(segment.since)}){late}"


def _first(most: int, lines: list[str], mark: str = "- ") -> Iterator[str]:
    yield from (f"{mark}{' '.join(line.split())}" for line in lines[:most])
    if len(lines) > most:
        yield f"{mark}{len(lines) - most} more: the page has them"
