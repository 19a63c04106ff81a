"""Each cause once, with the segments whose last run has it: by its values, whatever its words are."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from edgeboot.report.segments.segment import Segment
from edgeboot.report.segments.told_run import ToldCause

_Found = tuple[ToldCause, Segment]


@dataclass(frozen=True)
class SharedCause:
    """A cause that the last runs of segments have."""

    found: tuple[_Found, ...]
    """Each with its segment, which may have several that are this one: lines of one field."""

    @property
    def causes(self) -> tuple[ToldCause, ...]:
        """Of every segment."""
        return tuple(cause for cause, _ in self.found)

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """Those that have it, each once."""
        return tuple({segment.name: segment for _, segment in self.found}.values())

    @property
    def worst(self) -> ToldCause:
        """The one that has the worst consequence, and the most tests red."""
        return min(self.causes, key=lambda each: (each.severity, -each.tests))

    @property
    def title(self) -> str:
        """The line that they share; else the field, with what was received only if all received it."""
        worst = self.worst
        if len(self.segments) == 1:
            return worst.title
        if worst.alike is not None and len({each.shared for each in self.causes}) > 1:
            file, field = worst.alike
            return f"{file}: {field}, on each segment by another line"
        if not worst.values:
            return worst.title
        same = len({each.values for each in self.causes}) == 1
        return f"{worst.shared[1]}: {worst.values if same else 'on each segment other values'}"

    @cached_property
    def since(self) -> datetime:
        """When the first segment had it."""
        return min(segment.cause_since(cause) for cause, segment in self.found)


def shared_causes(segments: Iterable[Segment]) -> tuple[SharedCause, ...]:
    """The worst first, then the one that most segments have.

    A line has addresses of its segment, as a rule. Lines that one segment has each are one cause where
    they are of the same file and make the same field wrong.
    """
    every = [(cause, segment) for segment in segments for cause in segment.last.causes]
    by_line = _grouped(every, lambda cause: cause.shared)
    shared = [each for each in by_line if len(each.segments) > 1]
    single = [found for each in by_line if len(each.segments) == 1 for found in each.found]
    shared += _grouped(single, lambda cause: cause.alike or cause.shared)
    return tuple(sorted(shared, key=lambda each: (each.worst.severity, -len(each.segments))))


def _grouped(found: Iterable[_Found], key: Callable[[ToldCause], Hashable]) -> list[SharedCause]:
    groups: dict[Hashable, list[_Found]] = {}
    for each in found:
        groups.setdefault(key(each[0]), []).append(each)
    return [SharedCause(tuple(each)) for each in groups.values()]
