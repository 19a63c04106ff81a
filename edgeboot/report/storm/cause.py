"""Why a storm's nodes waited or got nothing, as data; one function puts it into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from edgeboot.base.counted import counted
from edgeboot.report.storm.cause_words import WORDS, StormCauseKind
from edgeboot.spec.manifests.cause import Cause


class _Count(int):
    """A number that is formatted with what is counted: a noun, or the words for one and for several."""

    def __format__(self, spec: str) -> str:
        one, bar, several = spec.partition("|")
        if bar:
            return f"{int(self)} {one if self == 1 else several}"
        is_noun = len(spec) > 1 and spec.replace(" ", "").isalpha()
        return counted(int(self), spec) if is_noun else format(int(self), spec)


@dataclass(frozen=True, slots=True)
class StormCause:
    """One thing that is known, what decides it, and what would mend it."""

    kind: StormCauseKind
    figures: Mapping[str, float | str] = field(default_factory=dict)
    """By the names that its words use."""
    lines: tuple[Cause, ...] = ()
    """The lines that decide it; one without a number where a line is missing. Empty where none is known."""
    what_if: str | None = None
    """The name of the ``--what-if`` that measures the mend."""

    @property
    def known(self) -> str:
        """What was seen, without what to do."""
        return WORDS[self.kind].known.format_map(
            {name: _Count(each) if isinstance(each, int) else each for name, each in self.figures.items()}
        )

    @property
    def mend(self) -> str | None:
        """What to do, with the line; None where nothing is known to help."""
        words = WORDS[self.kind]
        if not self.lines:
            return None
        first = self.lines[0]
        text = words.change if first.line is not None else words.add
        placed = {"line": ", ".join(map(str, self.lines)), "file": first.file, "what_if": self.what_if}
        return text.format_map({**self.figures, **placed}) or None

    @property
    def as_cause(self) -> Cause:
        """For a finding: the line that decides it, and why it counts."""
        if not self.lines:
            return Cause(None, None, self.known)
        first = self.lines[0]
        return Cause(first.file, first.line, first.text, self.known)

    def to_json(self) -> dict[str, Any]:
        """Kind, figures, lines, and both in words."""
        return {
            "kind": self.kind.value,
            "figures": dict(self.figures),
            "lines": [each.to_json() for each in self.lines],
            "what_if": self.what_if,
            "text": storm_cause_text(self),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What ``to_json`` wrote; raises KeyError, TypeError or ValueError for anything else."""
        lines = tuple(map(Cause.from_json, data["lines"]))
        return cls(StormCauseKind(data["kind"]), data["figures"], lines, data["what_if"])


def storm_cause_text(cause: StormCause) -> str:
    """What was seen, and what to do about it: for a terminal, a failure, and the report's page."""
    if cause.mend is None:
        return cause.known
    measured = "" if cause.what_if is None else f" (--what-if {cause.what_if} measures it)"
    return f"{cause.known}; to mend it, {cause.mend}{measured}"
