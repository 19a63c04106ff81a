"""``--metrics FILE``: the verdict in Prometheus' text format, for node_exporter's textfile collector."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from edgeboot.base.destination import replace_file
from edgeboot.report.outcomes import Outcome
from edgeboot.report.result import Result
from edgeboot.report.storm_record import StormRecord
from edgeboot.report.values import visible
from edgeboot.report.verdict.headline import Verdict

_LABELS: Final = ("lab", "profile", "site", "segment")
_PERCENTILES: Final = {"50": "p50", "90": "p90", "99": "p99"}


def metrics(result: Result, verdict: Verdict) -> bytes:
    """Gauges with the labels lab, profile, site (the contract's name) and segment; empty where not known."""
    subject = result.subject
    site = visible(Path(subject.contract).stem) if subject else ""
    segment = visible(result.segment or "")
    where = (subject.lab, subject.profile, site, segment) if subject else ("", "", "", segment)
    registry = CollectorRegistry()

    def gauge(name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"edgeboot_{name}", text, (*_LABELS, *labels), registry=registry)

    boots = gauge("nodes_would_boot", "1 if edge nodes would boot, 0 if not or not all; absent if not known")
    if verdict.would_boot is not None:
        boots.labels(*where).set(int(verdict.would_boot))
    gauge("causes", "Causes of failures, each counted once").labels(*where).set(len(verdict.causes))
    tests = gauge("tests", "Tests by their outcome", "outcome")
    for outcome in Outcome:
        tests.labels(*where, outcome.value).set(getattr(result.counts, outcome.counter))
    seconds = gauge("offer_seconds", "From DHCPDISCOVER to DHCPOFFER", "nodes", "percentile")
    for latency in result.latencies:
        for percentile, name in _PERCENTILES.items():  # The label quantile is reserved for summaries.
            seconds.labels(*where, latency.nodes.value, percentile).set(getattr(latency, name))
    if result.storms:
        _add_storms(result.storms, where, gauge)
    if result.status is not None:
        gauge("exit_status", "pytest's exit status").labels(*where).set(result.status)
    if result.ended is not None:
        lasted = (result.ended - result.started).total_seconds()
        gauge("run_duration_seconds", "Time of the run").labels(*where).set(lasted)
        ended = gauge("last_run_timestamp_seconds", "When the run ended, since the epoch")
        ended.labels(*where).set(result.ended.timestamp())
    return generate_latest(registry)


def _add_storms(storms: Sequence[StormRecord], where: Sequence[str], gauge: Callable[..., Gauge]) -> None:
    nodes = gauge("storm_nodes", "Nodes of a storm", "storm")
    ready = gauge("storm_ready_nodes", "Those of them that became ready", "storm")
    duplicates = gauge("storm_duplicate_addresses", "Addresses that two of them got", "storm")
    last = gauge("storm_ready_seconds", "From its beginning until the last node was ready", "storm")
    p99 = gauge("storm_p99_seconds", "What 99 of 100 nodes waited at most", "storm", "until")
    for each in storms:
        labels = (*where, each.heading)
        nodes.labels(*labels).set(each.result.nodes)
        ready.labels(*labels).set(each.result.bound)
        duplicates.labels(*labels).set(len(each.result.duplicates))
        if each.ready_after is not None:
            last.labels(*labels).set(each.ready_after)
        for until, seconds in each.p99s.items():
            p99.labels(*labels, until).set(seconds)


def write_metrics(path: Path, result: Result, verdict: Verdict) -> None:
    """Replace the file at once: a collector may read it at any moment.

    Raises:
        OSError: it cannot be written.
    """
    replace_file(path, metrics(result, verdict))
