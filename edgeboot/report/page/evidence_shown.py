"""The evidence of tests as a page shows it: a chart of their frames, and what was compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from edgeboot.report.evidence import directory_name
from edgeboot.report.findings import Finding
from edgeboot.report.ladder import svg
from edgeboot.report.ladder.chart import Arrow, Ladder
from edgeboot.report.machine_boot.diagnoses.diagnosis import ClientDiagnosis, Diagnosis
from edgeboot.report.page.material import Material
from edgeboot.report.recorded_failure import Failure
from edgeboot.report.story_told.text import placed
from edgeboot.report.values import shown_value
from edgeboot.report.verdict.headline import Verdict

_ARROWS: Final = 1200
"""Of the charts of all failures together: each is about two kilobytes."""
_ARROWS_OF_PASSED: Final = 4500
"""Of the charts of tests that passed, whose evidence is kept where it is asked for: those of 700 tests."""
_GAP: Final = 0.5
"""Seconds without a frame that a chart shows as such."""

Packets = tuple[tuple[str, str], ...]
"""Those that a diagnosis rests on: which, and what each shows."""
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
    explained: tuple[tuple[ClientDiagnosis, Packets], ...] = ()
    """What its frames tell of the clients whose exchange has failed, each with its packets."""


def shown_evidence(material: Material, found: Verdict) -> list[TestEvidence]:
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
                tuple(_explained(failure, chart)),
            )
        )
    return [*every, *_passed(material, len(every))]


def _explained(failure: Failure, chart: Ladder | None) -> Iterator[tuple[ClientDiagnosis, Packets]]:
    """Its diagnoses; times count as in the chart, or from the first packet where there is none."""
    for each in failure.explained:
        first = min((one.at for one in each.diagnosis.evidence), default=0.0)
        yield each, packets_of(each.diagnosis, first if chart is None else chart.began)


def packets_of(diagnosis: Diagnosis, began: float) -> Packets:
    """The packets that it rests on, with their times since a moment."""
    return tuple((placed(one, began), one.what) for one in diagnosis.evidence)


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
