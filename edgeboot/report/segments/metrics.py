"""Many segments as gauges in Prometheus' text format; none has a name that a single run's metrics have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from edgeboot.report.secrets import without_secrets
from edgeboot.report.segments.merged import Merged
from edgeboot.report.segments.segment import Segment
from edgeboot.report.segments.standing import Standing
from edgeboot.report.values import visible

_CAUSES: Final = 50
"""Those that most segments have; each text is a series of its own."""


def segments_metrics(merged: Merged) -> bytes:
    """How many segments stand how, how each stands since when, and on how many the shared causes are."""
    registry = CollectorRegistry()

    def gauge(name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"edgeboot_{name}", text, labels, registry=registry)

    segments = gauge("segments", "Segments by what their last run found", "standing")
    for each in Standing:
        segments.labels(each.label).set(merged.counts[each])
    gauge("segments_overdue", "Segments without a run for too long").set(len(merged.overdue))
    gauge("segments_absent", "Segments that there should be, without any result").set(len(merged.absent))
    gauge("results_unreadable", "Result files that cannot be read").set(len(merged.unreadable))
    _add_causes(merged, gauge)
    _add_segments(merged.segments, gauge)
    return generate_latest(registry)


def _add_causes(merged: Merged, gauge: Callable[..., Gauge]) -> None:
    shared = gauge("cause_segments", "Segments whose last run has a cause that others have, too", "cause")
    several = [each for each in merged.causes if len(each.segments) > 1]
    for each in sorted(several, key=lambda cause: -len(cause.segments))[:_CAUSES]:
        shared.labels(visible(without_secrets(each.title))).set(len(each.segments))


def _add_segments(segments: tuple[Segment, ...], gauge: Callable[..., Gauge]) -> None:
    boots = gauge("segment_would_boot", "1 if its nodes would boot, 0 if not or not all", "segment")
    causes = gauge("segment_causes", "Causes of failures in its last run", "segment")
    since = gauge(
        "segment_since_timestamp_seconds", "Since when it stands so, since the epoch", "segment", "standing"
    )
    last = gauge("segment_last_run_timestamp_seconds", "When its last run began, since the epoch", "segment")
    for each in segments:
        name = visible(each.name or "")
        if each.standing is not Standing.NO_VERDICT and each.last.would_boot is not None:
            boots.labels(name).set(int(each.last.would_boot))
        causes.labels(name).set(len(each.last.causes))
        since.labels(name, each.standing.label).set(each.since.timestamp())
        last.labels(name).set(each.last.started.timestamp())
