"""The page of an explained capture: who did not boot and why, with the ladder chart of a run's page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from edgeboot.report.capture_clients.capture_read import CaptureRead
from edgeboot.report.capture_clients.end import End, end_of
from edgeboot.report.capture_clients.story import ClientStory
from edgeboot.report.ladder.drawn import ladder
from edgeboot.report.machine_boot.diagnoses.diagnosis import Diagnosis
from edgeboot.report.page.evidence_shown import Chart, Packets, drawn, packets_of
from edgeboot.report.page.render import rendered
from edgeboot.report.story_told.alike import Alike, alike
from edgeboot.report.story_told.text import outcomes, spanned
from edgeboot.report.story_told.timeline import timeline
from edgeboot.report.story_told.who import ended, software, who

_ARROWS: Final = 1200
"""Of all charts together: each is about two kilobytes."""


@dataclass(frozen=True, slots=True)
class ClientCard:
    """One client, or several alike, of which the first is told."""

    anchor: str
    title: str
    runs: str
    ended: str
    outcome: str
    also: str
    """The addresses of all of them, where they are several."""
    identities: tuple[str, ...]
    rows: tuple[tuple[str, str, str], ...]
    """Of each event: what it is, when, and in words."""
    diagnoses: tuple[tuple[Diagnosis, Packets], ...]
    """Each with its packets: which, and what it shows."""
    blind: tuple[str, ...]
    findings: tuple[str, ...]
    chart: Chart | None


@dataclass(frozen=True, slots=True)
class CaptureSection:
    """One capture."""

    name: str
    sentence: str
    span: str
    notes: tuple[str, ...]
    state: str
    """``good``, ``bad`` or ``unknown``."""
    cards: tuple[ClientCard, ...]


def explain_page(captures: Sequence[CaptureRead]) -> str:
    """The whole page; at least one capture."""
    sections = tuple(_sections(captures))
    states = {each.state for each in sections}
    state = next(each for each in ("bad", "unknown", "good") if each in states)
    sentence = sections[0].sentence if len(sections) == 1 else _together(captures)
    return rendered("explain.html.j2", sections=sections, sentence=sentence, state=state)


def _together(captures: Sequence[CaptureRead]) -> str:
    every = tuple(story for each in captures for story in each.stories)
    return f"{outcomes(every)} in {len(captures)} captures"


def _sections(captures: Sequence[CaptureRead]) -> Iterator[CaptureSection]:
    left = _ARROWS
    for number, capture in enumerate(captures):
        cards: list[ClientCard] = []
        for group in alike(capture.stories):
            card = _card(f"c{number}-{len(cards)}", capture, group, draw=left > 0)
            left -= 0 if card.chart is None else len(card.chart.rungs)
            cards.append(card)
        state = "good" if End.BOOTED in capture.ends else "unknown"
        yield CaptureSection(
            capture.name,
            outcomes(capture.stories),
            spanned(capture),
            capture.notes,
            "bad" if capture.wanting else state,
            tuple(cards),
        )


def _card(anchor: str, capture: CaptureRead, group: Alike, *, draw: bool) -> ClientCard:
    story = group.clearest
    several = len(group.stories) > 1
    moments = timeline(story)
    began = moments[0].at if moments else 0.0
    findings = [(each.mac, finding) for each in group.stories for finding in capture.differs(each)]
    return ClientCard(
        anchor,
        f"{len(group.stories)} clients" if several else str(story.mac),
        software(story),
        ended(story),
        end_of(story).label,
        group.machines if several else "",
        tuple(map(who, story.identities)),
        tuple((each.title, f"{each.at - began:.3f} s", each.what) for each in moments),
        tuple((each, packets_of(each, began)) for each in story.diagnoses),
        story.blind,
        tuple(dict.fromkeys(f"{mac}: {finding}" if several else str(finding) for mac, finding in findings)),
        _chart(capture, story) if draw else None,
    )


def _chart(capture: CaptureRead, story: ClientStory) -> Chart | None:
    chart = ladder(story.traffic.frames, findings=capture.differs(story))
    return drawn(chart) if chart.arrows else None
