"""Words that the page and the text of many segments share."""

from __future__ import annotations

from datetime import datetime, timedelta

from edgeboot.base.counted import counted
from edgeboot.report.segments.merged import Merged
from edgeboot.report.segments.segment import Segment
from edgeboot.report.segments.shared_cause import SharedCause
from edgeboot.report.segments.standing import Standing
from edgeboot.report.segments.told_run import ToldRun


def date(time: datetime) -> str:
    """To the minute, in UTC."""
    return f"{time:%Y-%m-%d %H:%M}"


def headline(merged: Merged) -> str:
    """How many segments stand how, the worst first."""
    counts = (f"{each.words} {merged.counts[each]}" for each in Standing if merged.counts[each])
    return f"{counted(len(merged.segments), 'segment')}: {', '.join(counts)}"


def overdue(merged: Merged) -> str:
    """How many have had no run for too long; empty for none."""
    if not merged.overdue:
        return ""
    verb = "is" if len(merged.overdue) == 1 else "are"
    return f"{len(merged.overdue)} of them {verb} overdue: no run for {_hours(merged.limit)}"


def absent(merged: Merged) -> str:
    """Which segments have no result at all; empty for none."""
    if not merged.absent:
        return ""
    return f"no result of {counted(len(merged.absent), 'more segment')}: {', '.join(merged.absent)}"


def share(shared: SharedCause, merged: Merged) -> str:
    """On how many segments a cause is, and since when."""
    where = f"{len(shared.segments)} of {counted(len(merged.segments), 'segment')}"
    first = "since" if len(shared.segments) == 1 else "the first since"
    return f"{where}, {first} {date(shared.since)}"


def sentence(segment: Segment) -> str:
    """What its last run found; where that has no verdict, what the last one was that has."""
    before, found = segment.before, segment.last.sentence
    if segment.standing is not Standing.NO_VERDICT:
        return found
    found = found if found.endswith(".") else f"{found}."
    if before is None:
        return f"{found} No run before it has a verdict."
    return f"{found} Before that, {date(before.started)}: {before.sentence}"


def left_out(merged: Merged) -> tuple[str, ...]:
    """Results that are in no row, and files that cannot be read: a line each."""
    verb = "names" if merged.unnamed == 1 else "name"
    unnamed = f"{counted(merged.unnamed, 'result')} that {verb} no segment (--segment)"
    unknown = tuple(f"segment {each}: is none of --segments" for each in merged.unknown)
    return (*hidden(merged), *((unnamed,) if merged.unnamed else ()), *unknown, *merged.unreadable)


def hidden(merged: Merged) -> tuple[str, ...]:
    """Runs of other sites than those of their segments' rows: a line each."""
    return tuple(_hidden(each, run) for each in merged.segments for run in merged.of_other_sites(each))


def _hidden(segment: Segment, run: ToldRun) -> str:
    against = ", ".join(run.site or ())
    found = f"its run of {date(run.started)} against {against}: {run.standing.words}"
    return f"segment {segment.name}: {found}; its row is of a later run against another contract or profile"


def _hours(limit: timedelta) -> str:
    hours = limit.total_seconds() / 3600
    return f"{hours:g} h"
