"""A capture explained as text: those that did not boot first, what is alike told once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from edgeboot.base.counted import counted
from edgeboot.report.capture_clients.capture_read import CaptureRead
from edgeboot.report.capture_clients.end import End, end_of
from edgeboot.report.capture_clients.story import ClientStory
from edgeboot.report.machine_boot.diagnoses.diagnosis import Diagnosis, Evidence
from edgeboot.report.story_told.alike import Alike, alike
from edgeboot.report.story_told.timeline import timeline
from edgeboot.report.story_told.who import ended, software, who
from edgeboot.report.values import visible

_TOLD_IN_FULL: Final = 3
"""Clients that booted are told in full where a capture has no more than so many."""


def text(capture: CaptureRead) -> str:
    """Everything about a capture."""
    return visible("\n".join(_lines(capture)))


def outcomes(stories: Sequence[ClientStory]) -> str:
    """How many clients booted, in one sentence."""
    if not stories:
        return "no client asks by DHCP in it"
    ends = Counter(map(end_of, stories))
    told = ", ".join(f"{ends[each]} {each.value}" for each in End if ends[each])
    return f"{counted(len(stories), 'client')}: {told}"


def spanned(capture: CaptureRead) -> str:
    """How much it holds."""
    began = datetime.fromtimestamp(capture.began, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"{counted(capture.packets, 'packet')} in {capture.ended - capture.began:.1f} s from {began}"


def _lines(capture: CaptureRead) -> Iterator[str]:
    yield f"{capture.name}: {outcomes(capture.stories)}; {spanned(capture)}"
    yield from (f"note: {each}" for each in capture.notes)
    for group in alike(capture.stories):
        yield ""
        is_quiet = end_of(group.clearest) is End.BOOTED and len(capture.stories) > _TOLD_IN_FULL
        yield from _group(capture, group, in_full=not is_quiet)


def _group(capture: CaptureRead, group: Alike, *, in_full: bool) -> Iterator[str]:
    story = group.clearest
    if len(group.stories) > 1:
        yield f"{len(group.stories)} clients alike: {group.machines}"
        yield f"of them {story.mac}, {software(story)}: {ended(story)}"
    else:
        yield f"{story.mac}, {software(story)}: {ended(story)}"
    if in_full:
        yield from story_lines(story)
    for each in group.stories:
        yield from (f"  not as the contract says: {finding}" for finding in capture.differs(each))


def story_lines(story: ClientStory) -> Iterator[str]:
    """One client, behind its headline: who it is, what happened, and why it came no further."""
    yield from (f"  it is {who(each)}" for each in story.identities[:1])
    moments = timeline(story)
    began = moments[0].at if moments else 0.0
    for moment in moments:
        yield f"  {moment.at - began:8.3f} s  {moment.title:<22} {moment.what}"
    # What is told of a client that booted has not kept it from that.
    why = "beside it" if end_of(story) is End.BOOTED else "why"
    for number, each in enumerate(story.diagnoses):
        yield from diagnosis_lines(each, began, "also" if number else why)
    yield from (f"  cannot be seen here: {each}" for each in story.blind)


def diagnosis_lines(each: Diagnosis, began: float, word: str) -> Iterator[str]:
    """A diagnosis behind a word, its packets, and what the client would have needed.

    Args:
        each: the diagnosis.
        began: from when its times count, in seconds since the epoch.
        word: what it is to the client.
    """
    yield f"  {word}: {each.sentence} [{each.kind.value}, {each.certainty.value}]"
    yield from (f"    {placed(one, began)}: {one.what}" for one in each.evidence)
    if each.needed:
        yield f"    needed: {each.needed}"


def placed(evidence: Evidence, began: float) -> str:
    """Which packet it is, and when: one of another client may have passed before."""
    after = evidence.at - began
    at = f"{after:.3f} s" if after >= 0 else f"{-after:.3f} s before"
    return f"packet {evidence.number}, {at}" if evidence.number else at
