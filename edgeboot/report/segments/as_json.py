"""Many segments as one JSON object."""

from __future__ import annotations

from typing import Any, Final

from edgeboot.report.segments.merged import Merged
from edgeboot.report.segments.segment import Segment
from edgeboot.report.segments.shared_cause import SharedCause
from edgeboot.report.segments.standing import Standing
from edgeboot.report.segments.told_run import ToldCause, ToldRun

SCHEMA: Final = 1


def as_object(merged: Merged) -> dict[str, Any]:
    """Segments and causes, the worst first; times are ISO 8601, durations in seconds."""
    return {
        "schema": SCHEMA,
        "made": merged.made.isoformat(),
        "overdue_after": merged.limit.total_seconds(),
        "counts": {each.label: merged.counts[each] for each in Standing},
        "causes": [_shared(each) for each in merged.causes],
        "segments": [_segment(each, merged) for each in merged.segments],
        "absent": list(merged.absent),
        "unknown": list(merged.unknown),
        "unnamed_results": merged.unnamed,
        "unreadable": list(merged.unreadable),
    }


def _shared(shared: SharedCause) -> dict[str, Any]:
    return {
        "title": shared.title,
        "suffers": shared.worst.suffers,
        "since": shared.since.isoformat(),
        "segments": [each.name for each in shared.segments],
    }


def _segment(segment: Segment, merged: Merged) -> dict[str, Any]:
    return {
        "segment": segment.name,
        "standing": segment.standing.label,
        "since": segment.since.isoformat(),
        "overdue": merged.is_overdue(segment),
        "causes": [_cause(each, segment) for each in segment.last.causes],
        "last_run": _run(segment.last),
        "last_verdict": None if segment.before is None else _run(segment.before),
        "other_sites": [_run(each) for each in merged.of_other_sites(segment)],
        "runs": len(segment.runs),
    }


def _cause(cause: ToldCause, segment: Segment) -> dict[str, Any]:
    since = segment.cause_since(cause).isoformat()
    return {"title": cause.title, "suffers": cause.suffers, "tests": cause.tests, "since": since}


def _run(run: ToldRun) -> dict[str, Any]:
    return {
        "run": run.run,
        "started": run.started.isoformat(),
        "ended": run.ended and run.ended.isoformat(),
        "status": run.status,
        "meaning": run.meaning.value,
        "would_boot": run.would_boot,
        "sentence": run.sentence,
        "result": str(run.file),
        "report": run.report and str(run.report),
    }
