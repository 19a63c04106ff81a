"""The standing of many segments as text: the summary first, each cause once, then a row a segment."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from rich.table import Table

from edgeboot.report.segment_jobs.standing import JobStanding, Standing, State
from edgeboot.report.values import as_text, visible

_NAMED: Final = 3
"""Segments that are named beside a cause that many have."""
_ROWS: Final = 2000
"""Of the table; JSON has all."""


def told(jobs: Sequence[JobStanding], width: int, *, every: bool) -> str:
    """The standing of Jobs.

    Args:
        jobs: in their order.
        width: columns.
        every: also a row for each segment that is as stated.
    """
    return "\n".join(line for job in jobs for line in _job(job, width, every=every))


def _job(job: JobStanding, width: int, *, every: bool) -> Iterator[str]:
    yield summary(job)
    yield from _causes(job)
    order = list(State)
    rows = [each for each in job.segments if every or each.state is not State.AS_STATED]
    rows.sort(key=lambda each: (order.index(each.state), each.index))
    if rows:
        yield _table(rows[:_ROWS], width)
    if len(rows) > _ROWS:
        yield f"{len(rows) - _ROWS} more rows: --json has them"


def summary(job: JobStanding) -> str:
    """Of one line: how many segments stand where."""
    states = Counter(each.state for each in job.segments)
    parts = [f"{states[state]} {state.value}" for state in reversed(State) if states[state]]
    begun = "not started" if job.started is None else f"since {job.started:%Y-%m-%d %H:%M}Z"
    ended = f"ended ({job.ended})" if job.ended else begun
    return f"job {job.name} in {job.namespace}, {ended}: {len(job.segments)} segments: {', '.join(parts)}"


def _causes(job: JobStanding) -> Iterator[str]:
    """Each cause that several segments have, the most frequent first."""
    having: dict[tuple[State, str], list[str]] = defaultdict(list)
    for each in job.segments:
        if each.cause:
            having[each.state, each.cause].append(each.segment)
    for (state, cause), names in sorted(having.items(), key=lambda item: -len(item[1])):
        if len(names) > 1:
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            named = f"{', '.join(names[:_NAMED])}{more}"
            yield f"  {state.value}, {len(names)} of {len(job.segments)}: {visible(cause)} ({named})"


def _table(rows: Sequence[Standing], width: int) -> str:
    table = Table()
    table.add_column("segment", overflow="fold")
    for heading in ("state", "since", "node", "runs"):
        table.add_column(heading)
    table.add_column("cause", overflow="fold", ratio=1)
    for each in rows:
        since = "" if each.since is None else f"{each.since:%m-%d %H:%M}Z"
        attempts = str(each.attempts) if each.attempts else ""
        table.add_row(each.segment, each.state.value, since, each.node or "", attempts, visible(each.cause))
    return as_text(table, width)
