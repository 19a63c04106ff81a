"""The content of a page as values: what its templates print, and nothing that they would decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from edgeboot.report.machine_boot.record import MachineBoot
from edgeboot.report.machine_boot.text import stage_rows
from edgeboot.report.outcomes import TestResult
from edgeboot.report.page.evidence_shown import TestEvidence, shown_evidence
from edgeboot.report.page.excerpt import Excerpt
from edgeboot.report.page.histogram import histogram
from edgeboot.report.page.material import LabFile, Material
from edgeboot.report.page.storm_section import StormSection, storm_section
from edgeboot.report.provenance import Provenance
from edgeboot.report.result import Result
from edgeboot.report.strangers.stranger import sentences
from edgeboot.report.values import shown_value
from edgeboot.report.verdict.headline import HeadlineCause, Verdict
from edgeboot.report.verdict.reproduce import commands
from edgeboot.report.verdict.verdict import verdict

_SLOWEST: Final = 12
_HASH: Final = 16
"""Digits of a hash."""


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
    strangers: tuple[str, ...] = ()
    """What a site's own machines did meanwhile, as sentences."""


def content(material: Material) -> Content:
    """Everything that the page shows."""
    result = material.result
    found = verdict(result)
    evidence = tuple(shown_evidence(material, found))
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
        sentences(result.seen.strangers),
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
