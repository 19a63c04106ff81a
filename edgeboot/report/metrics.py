"""The verdict as gauges for Prometheus: in a file of its text format, or pushed to a Pushgateway."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from edgeboot.base.destination import replace_file
from edgeboot.report.outcomes import Outcome
from edgeboot.report.result import Result
from edgeboot.report.storm.record import StormRecord
from edgeboot.report.strangers.stranger import Stranger
from edgeboot.report.values import visible
from edgeboot.report.verdict.headline import Verdict

_LABELS: Final = ("lab", "profile", "site", "segment")
_PERCENTILES: Final = {"50": "p50", "90": "p90", "99": "p99"}
_ENDS: Final = {True: "booted", False: "stopped", None: "unknown"}
_EACH: Final = 100
"""Strangers that have a series each: those of a busy segment would be most of what a Prometheus keeps."""


def labels(result: Result) -> dict[str, str]:
    """What was verified, and where; the site is the name of the contract's file. Empty where not known."""
    subject = result.subject
    where = (subject.lab, subject.profile, Path(subject.contract).stem) if subject else ("", "", "")
    return dict(zip(_LABELS, map(visible, (*where, result.segment or "")), strict=True))


def gauges(result: Result, verdict: Verdict) -> CollectorRegistry:
    """Everything that is told to Prometheus, with these labels."""
    where = tuple(labels(result).values())
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
    _add_strangers(result.seen.strangers, where, gauge)
    if result.storms:
        _add_storms(result.storms, where, gauge)
    if result.status is not None:
        gauge("exit_status", "pytest's exit status").labels(*where).set(result.status)
    if result.ended is not None:
        lasted = (result.ended - result.started).total_seconds()
        gauge("run_duration_seconds", "Time of the run").labels(*where).set(lasted)
        ended = gauge("last_run_timestamp_seconds", "When the run ended, since the epoch")
        ended.labels(*where).set(result.ended.timestamp())
    return registry


def _add_strangers(strangers: Sequence[Stranger], where: Sequence[str], gauge: Callable[..., Gauge]) -> None:
    """Each by its address as the result has it, if they are few: of a part of many, others would seem new."""
    counts = Counter(_ENDS[each.booted] for each in strangers)
    machines = gauge("strangers", "Other machines of the segment that asked for an address", "outcome")
    for outcome in _ENDS.values():
        machines.labels(*where, outcome).set(counts[outcome])
    if 0 < len(strangers) <= _EACH:
        one = gauge("stranger", "1 for each of them", "mac")
        for each in strangers:
            one.labels(*where, each.mac).set(1)


def _add_storms(storms: Sequence[StormRecord], where: Sequence[str], gauge: Callable[..., Gauge]) -> None:
    nodes = gauge("storm_nodes", "Nodes of a storm", "storm")
    ready = gauge("storm_ready_nodes", "Those of them that became ready", "storm")
    duplicates = gauge("storm_duplicate_addresses", "Addresses that two of them got", "storm")
    last = gauge("storm_ready_seconds", "From its beginning until the last node was ready", "storm")
    p99 = gauge("storm_p99_seconds", "What 99 of 100 nodes waited at most", "storm", "until")
    for each in storms:
        its = (*where, each.heading)
        nodes.labels(*its).set(each.result.nodes)
        ready.labels(*its).set(each.result.bound)
        duplicates.labels(*its).set(len(each.result.duplicates))
        if each.ready_after is not None:
            last.labels(*its).set(each.ready_after)
        for until, seconds in each.p99s.items():
            p99.labels(*its, until).set(seconds)


def write_metrics(path: Path, result: Result, verdict: Verdict) -> None:
    """Replace the file at once: a collector may read it at any moment.

    Raises:
        OSError: it cannot be written.
    """
    replace_file(path, generate_latest(gauges(result, verdict)))
