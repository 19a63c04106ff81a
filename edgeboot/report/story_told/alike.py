"""Clients to which the same happened, told once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from edgeboot.report.capture_clients.end import End, end_of
from edgeboot.report.capture_clients.story import ClientStory
from edgeboot.report.story_told.who import software

_ORDER: Final = tuple(End)
_SHOWN: Final = 5
Key = tuple[End, str, object, tuple[object, ...]]


@dataclass(frozen=True)
class Alike:
    """One or more clients that run the same and ended in the same way."""

    stories: tuple[ClientStory, ...]

    @property
    def clearest(self) -> ClientStory:
        """The one that is told: the first."""
        return self.stories[0]

    @property
    def machines(self) -> str:
        """Their addresses; at most five."""
        shown = ", ".join(str(each.mac) for each in self.stories[:_SHOWN])
        more = len(self.stories) - _SHOWN
        return f"{shown} and {more} more" if more > 0 else shown


def alike(stories: Iterable[ClientStory]) -> tuple[Alike, ...]:
    """Those that did not boot first, then those of which it is not known; the most first."""
    groups: dict[Key, list[ClientStory]] = {}
    for story in stories:
        groups.setdefault(_key(story), []).append(story)
    found = [Alike(tuple(each)) for each in groups.values()]
    return tuple(sorted(found, key=lambda each: (_ORDER.index(end_of(each.clearest)), -len(each.stories))))


def _key(story: ClientStory) -> Key:
    causes = tuple((each.kind, each.certainty, each.field, each.sender) for each in story.diagnoses)
    end = end_of(story)
    booted = _booted(story) if end is End.BOOTED else ()
    return end, software(story), story.reached, (*causes, *booted, *story.blind)


def _booted(story: ClientStory) -> tuple[str, ...]:
    return tuple(each.url for one in story.rounds for each in one.fetched)
