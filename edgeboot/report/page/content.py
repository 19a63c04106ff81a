"""The content of a page as values: what its templates print, and nothing that they would decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from edgeboot.report.evidence import directory_name
from edgeboot.report.findings import Finding
from edgeboot.report.ladder import svg
from edgeboot.report.ladder.chart import Arrow, Ladder
from edgeboot.report.machine_boot.record import MachineBoot
from edgeboot.report.machine_boot.text import stage_rows
from edgeboot.report.outcomes import TestResult
from edgeboot.report.page.excerpt import Excerpt
from edgeboot.report.page.histogram import histogram
from edgeboot.report.page.material import LabFile, Material
from edgeboot.report.page.storm_section import StormSection, storm_section
from edgeboot.report.provenance import Provenance
from edgeboot.report.recorded_failure import Failure
from edgeboot.report.result import Result
from edgeboot.report.values import shown_value
from edgeboot.report.verdict.headline import HeadlineCause, Verdict
from edgeboot.report.verdict.reproduce import commands
from edgeboot.report.verdict.verdict import verdict

_ARROWS: Final = 1200
"""Of the charts of all failures together: each is about two kilobytes."""
_ARROWS_OF_PASSED: Final = 4500
"""Of the charts of tests that passed, whose evidence is kept where it is asked for: those of 700 tests."""
_GAP: Final = 0.5
"""Seconds without a frame that a chart shows as such."""
_SLOWEST: Final = 12
_HASH: Final = 16
"""Digits of a hash."""


Row = tuple[str, str, str, str, str]
"""Field, expected, received, sender and likely cause of a finding."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a chart: a drawing, and the arrow that it shows; None for time that passes."""

    drawing: str
    arrow: Arrow | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A ladder chart, drawn."""

    head: str
    rungs: tuple[Rung, ...]
    left_out: int
    machines: int
    """How many lifelines it has."""


@dataclass(frozen=True, slots=True)
class TestEvidence:
    """One test that failed, or whose evidence was kept all the same."""

    anchor: str
    test: str
    phase: str
    failure: Failure | None
    chart: Chart | None
    why_no_chart: str
    directory: str
    comparisons: tuple[Row, ...] = ()
    """What has failed."""
    beside: tuple[Row, ...] = ()
    """What else differs in the replies that the test has seen."""


@dataclass(frozen=True, slots=True)
class CauseCard:
    """One cause, with everything to act on."""

    headline: HeadlineCause
    excerpt: Excerpt | None
    expected: str
    received: str
    commands: tuple[tuple[str, ...], ...]
    """Each in the parts that a line is not broken in."""
    clearest: str
    """Where the evidence of its clearest test stands; empty for nowhere."""
    anchors: tuple[tuple[str, str], ...]
    """Of each test: its name, and where its evidence stands on the page; empty for nowhere."""


@dataclass(frozen=True, slots=True)
class MachineCard:
    """A machine with real firmware: each stage, and why it came no further."""

    boot: MachineBoot
    rows: tuple[tuple[str, str, str], ...]
    """Of each stage: its name, its time, and what showed it."""
    screen: str
    """The picture of its screen as a data URL; empty without one."""


@dataclass(frozen=True, slots=True)
class Content:
    """A whole page."""

    result: Result
    verdict: Verdict
    duration: str
    causes: tuple[CauseCard, ...]
    evidence: tuple[TestEvidence, ...]
    slowest: tuple[TestResult, ...]
    latencies: str
    """The histogram's drawing; empty without any answer."""
    percentiles: tuple[tuple[str, ...], ...]
    """Of new and of known nodes: whose, how many, p50, p90 and p99."""
    provenance: tuple[tuple[str, str], ...]
    lab_files: tuple[LabFile, ...]
    machines: tuple[MachineCard, ...] = ()
    storms: tuple[StormSection, ...] = ()


def content(material: Material) -> Content:
    """Everything that the page shows."""
    result = material.result
    found = verdict(result)
    evidence = tuple(_evidence(material, found))
    anchors = {each.test: each.anchor for each in evidence}
    ended = result.ended or result.started
    seconds = result.seen.latencies
    return Content(
        result,
        found,
        str(timedelta(seconds=round((ended - result.started).total_seconds()))),
        tuple(_card(cause, material, anchors) for cause in found.causes),
        evidence,
        tuple(sorted(result.tests, key=lambda each: -each.seconds)[:_SLOWEST]),
        histogram(seconds) if seconds else "",
        tuple(
            (each.nodes.value, str(each.count), *map(_shown_seconds, (each.p50, each.p90, each.p99)))
            for each in result.latencies
        ),
        () if result.provenance is None else tuple(_versions(result.provenance)),
        tuple(material.lab_files),
        tuple(_machine(each, material) for each in result.seen.boots),
        tuple(storm_section([each]) for each in result.storms),
    )


def _machine(boot: MachineBoot, material: Material) -> MachineCard:
    screen = "" if boot.screenshot is None else material.picture(boot.screenshot)
    return MachineCard(boot, tuple(stage_rows(boot)), screen)


def _versions(made_from: Provenance) -> Iterator[tuple[str, str]]:
    """Versions as they are, hashes by so much as tells two of them apart."""
    yield "image", made_from.image
    yield "what was run", made_from.server
    yield "kernel", made_from.kernel
    yield "suite", made_from.suite
    for name in ("contract", "manifests", "configuration"):
        yield f"SHA-256 of the {name}", getattr(made_from, name)[:_HASH]


def _shown_seconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _card(cause: HeadlineCause, material: Material, anchors: dict[str, str]) -> CauseCard:
    finding, subject = cause.finding, material.result.subject
    return CauseCard(
        cause,
        material.excerpt(cause.cause),
        shown_value(finding.expected) if finding else "",
        shown_value(finding.received) if finding else "",
        tuple(map(tuple, commands(subject, cause))) if subject is not None else (),
        anchors.get(cause.clearest, ""),
        tuple((test, anchors.get(test, "")) for test in cause.tests),
    )


def _evidence(material: Material, found: Verdict) -> list[TestEvidence]:
    """Each failure, the clearest of each cause first, then other tests whose evidence was kept."""
    clearest = [cause.clearest for cause in found.causes]
    failures = sorted(
        material.result.failures,
        key=lambda each: clearest.index(each.test) if each.test in clearest else len(clearest),
    )
    left, every = _ARROWS, []
    for number, failure in enumerate(failures):
        directory = material.evidence_of(failure.evidence)
        findings = (*failure.findings, *failure.observed)
        chart = None if directory is None or left <= 0 else material.chart(directory, findings)
        left -= len(chart.arrows) if chart else 0
        why = "" if chart else _why_no_chart(directory is not None, left)
        every.append(
            TestEvidence(
                f"t{number}",
                failure.test,
                failure.phase,
                failure,
                None if chart is None else drawn(chart),
                why,
                "" if directory is None else directory.name,
                tuple(dict.fromkeys(map(_comparison, failure.findings))),
                tuple(dict.fromkeys(map(_comparison, failure.observed))),
            )
        )
    return [*every, *_passed(material, len(every))]


def _passed(material: Material, number: int) -> list[TestEvidence]:
    """Tests that did not fail, and whose evidence was kept because it was asked for."""
    failed = {failure.test for failure in material.result.failures}
    found: list[TestEvidence] = []
    left = _ARROWS_OF_PASSED
    for test in material.result.tests:
        directory = None if test.test in failed else material.evidence_of(directory_name(test.test))
        if directory is None:
            continue
        chart = material.chart(directory, ()) if left > 0 else None
        left -= len(chart.arrows) if chart else 0
        anchor, shown = f"t{number + len(found)}", None if chart is None else drawn(chart)
        why = "" if chart else _why_no_chart(True, left)
        found.append(TestEvidence(anchor, test.test, test.phase, None, shown, why, directory.name))
    return found


def _why_no_chart(has_evidence: bool, left: int) -> str:
    if not has_evidence:
        return "No evidence was kept for it."
    if left <= 0:
        return "No chart: this page has as many as it can hold. Its capture.pcap is in the evidence."
    return "No frame passed meanwhile."


def drawn(chart: Ladder) -> Chart:
    """The drawings of a chart, from its head down."""
    rungs: list[Rung] = []
    before = 0.0
    for arrow in chart.arrows:
        if arrow.at - before >= _GAP:
            rungs.append(Rung(svg.gap(chart, arrow.at - before)))
        before = arrow.at
        rungs.append(Rung(svg.row(chart, arrow), arrow))
    return Chart(svg.head(chart), tuple(rungs), chart.left_out, len(chart.participants))


def _comparison(finding: Finding) -> Row:
    sender = str(finding.sender or "nobody")
    expected, received = shown_value(finding.expected), shown_value(finding.received)
    return finding.field, expected, received, sender, finding.likely_cause
