"""The verdict as text for a terminal of 60 columns: no colour, no line longer than it must be."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from edgeboot.base.paths import shown
from edgeboot.report.findings import Finding
from edgeboot.report.result import Result, Subject
from edgeboot.report.secrets import without_secrets
from edgeboot.report.silence import ANSWER
from edgeboot.report.strangers.stranger import STRANGERS, sentences
from edgeboot.report.values import shown_value, visible
from edgeboot.report.verdict.headline import HeadlineCause, Verdict
from edgeboot.report.verdict.reproduce import commands

WIDTH: Final = 60
_CAUSES: Final = 3
"""Told whole; the others have a line each."""
_LINES: Final = 60
_FEWEST: Final = 6
"""Lines of further causes, whatever else there is to say."""
_MOST: Final = 8
"""Advisories, and known defects: a line each, whole, so that it can be searched for."""
_LONGEST: Final = 240
"""Characters of a value or a statement; evidence and report have all of it."""


def text(verdict: Verdict, result: Result, width: int = WIDTH) -> str:
    """The sentence, each cause, and what comes beside; further causes as far as 60 lines have room.

    Without secrets; what a terminal would take for a command of its own is shown by its number: others
    chose some words.
    """
    strangers = sentences(result.seen.strangers)
    first, beside = list(_first(verdict, result, width)), list(_beside(verdict, strangers))
    room = max(_FEWEST, _LINES - len(first) - len(beside))
    return visible("\n".join((*first, *_further(verdict.causes[_CAUSES:], room, width), *beside)))


def _first(verdict: Verdict, result: Result, width: int) -> Iterator[str]:
    yield from _wrapped(verdict.sentence, width)
    yield from _wrapped(_counted(verdict, result), width)
    for number, cause in enumerate(verdict.causes[:_CAUSES], start=1):
        yield ""
        yield from _cause(number, cause, result.subject, width)


def _further(causes: Sequence[HeadlineCause], room: int, width: int) -> Iterator[str]:
    """A line or two each; what has no room is counted."""
    if not causes:
        return
    yield ""
    yield f"{len(causes)} more, of less weight or without a known cause:"
    left = room - 3
    for number, cause in enumerate(causes):
        lines = _wrapped(f"{_cut(cause.title, width * 2)} ({_tests(cause)})", width, "- ", "  ")
        left -= len(lines)
        if left < 0:
            yield f"- {len(causes) - number} others: the report has them"
            return
        yield from lines


def _beside(verdict: Verdict, strangers: Sequence[str]) -> Iterator[str]:
    for title, each in (
        ("Not run", verdict.not_run),
        ("Advisories: no breach of the contract, but they will hurt", verdict.advisories),
        ("Known defects", verdict.known_defects),
        (STRANGERS, strangers),
    ):
        if each:
            yield ""
            yield f"{title}:"
        for line in each[:_MOST]:
            yield f"- {without_secrets(line)}"
        if len(each) > _MOST:
            yield f"- {len(each) - _MOST} more: the report has them"


def _cause(number: int, cause: HeadlineCause, subject: Subject | None, width: int) -> Iterator[str]:
    indent = "   "
    yield from _wrapped(_cut(cause.title), width, f"{number}. ", indent)
    yield from _lines_behind(cause, width, indent)
    yield from _wrapped(cause.suffers, width, indent)
    if cause.cause is not None and cause.finding is not None:
        yield from _comparison(cause.finding, width, indent)
    left_out = f", {cause.not_run} not run for it" if cause.not_run else ""
    if not cause.is_of_a_test:  # A file that cannot be imported has said what it is.
        return
    yield f"{indent}red: {_tests(cause)}{left_out}; clearest:"
    yield f"{indent}  {cause.clearest.rpartition('/')[2]}"
    if subject is not None:
        for command in commands(subject, cause):
            yield from _command(command, width, f"{indent}$ ")
    if cause.evidence is not None:
        yield f"{indent}{shown(Path(cause.evidence))}/"


def _lines_behind(cause: HeadlineCause, width: int, indent: str) -> Iterator[str]:
    """The line of a file that decides what the title says without one, such as how large a pool is."""
    if cause.cause is None or cause.cause.file is not None or cause.finding is None:
        return
    for each in cause.finding.causes[1:]:
        if each.file is not None:
            yield from _wrapped(_cut(f"by {each}"), width, indent)


def _comparison(finding: Finding, width: int, indent: str) -> Iterator[str]:
    """Expected, received and sender; in the finding's own words where the values are long or say less."""
    expected, received = shown_value(finding.expected), shown_value(finding.received)
    if finding.statement and (len(expected) > width or finding.received is None or finding.field == ANSWER):
        yield from _wrapped(_cut(finding.statement), width, indent)
        return
    sender = f" from {finding.sender}" if finding.sender else ""
    yield from _wrapped(f"{finding.field}: expected {_cut(expected, 120)},", width, indent)
    yield from _wrapped(f"received {_cut(received, 120)}{sender}", width, indent)


def _command(parts: Sequence[str], width: int, indent: str) -> Iterator[str]:
    """A command that can be copied: a line that is continued ends with a backslash."""
    line = indent
    for number, part in enumerate(map(without_secrets, parts)):
        room = width if number == len(parts) - 1 else width - len(" \\")
        if number and len(line) + 1 + len(part) > room:
            yield f"{line} \\"
            line = " " * (len(indent) + 2) + part
        else:
            line += f" {part}" if number else part
    yield line


def _tests(cause: HeadlineCause) -> str:
    return "1 test" if len(cause.tests) == 1 else f"{len(cause.tests)} tests"


def _counted(verdict: Verdict, result: Result) -> str:
    counts, causes, subject = result.counts, len(verdict.causes), result.subject
    red = len({test for cause in verdict.causes for test in cause.tests})
    why = f"{red} red by {causes} cause{'s' if causes > 1 else ''}" if causes else ""
    beside = (
        (counts.passed, "passed"),
        (counts.skipped, "skipped"),
        (counts.not_run, "not run"),
        (counts.known_defects, "known defects"),
    )
    parts = [why, *(f"{number} {name}" for number, name in beside if number)]
    segment = f"segment {result.segment}, " if result.segment else ""
    where = f"{segment}lab {subject.lab}, profile {subject.profile}, run {subject.run}" if subject else ""
    return "; ".join(filter(None, (", ".join(filter(None, parts)), where)))


def _cut(words: str, longest: int = _LONGEST) -> str:
    line = " ".join(without_secrets(words).split())  # Of one that is cut, its beginning would not be known.
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _wrapped(words: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """Words on lines of this width; a word that is longer, such as a path, has a line of its own."""
    return textwrap.wrap(
        without_secrets(words),
        width,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
