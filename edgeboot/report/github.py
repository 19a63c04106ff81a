"""The verdict for GitHub: a job's summary in Markdown, and annotations at the lines of causes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from edgeboot.report.result import Result
from edgeboot.report.secrets import without_secrets
from edgeboot.report.values import shown_value, visible
from edgeboot.report.verdict.headline import HeadlineCause, Verdict
from edgeboot.report.verdict.reproduce import rerun_command

SUMMARY_VARIABLE: Final = "GITHUB_STEP_SUMMARY"
"""Names the file that GitHub shows as the job's summary."""
_SIGNS: Final = {True: "✅", False: "❌", None: "❔"}
_BESIDE: Final = "⚠️"
"""Of a run that is red for another reason than that nodes do not boot."""


def summary(verdict: Verdict, result: Result) -> str:
    """The verdict, each cause with its comparison and command, and what comes beside; without secrets."""
    return visible(without_secrets("\n".join(_summary(verdict, result)))) + "\n"


def workflow_commands(verdict: Verdict) -> Iterator[str]:
    """A workflow command for each cause, at its line where one is known; without secrets."""
    for cause in verdict.causes:
        words = _escaped(visible(without_secrets(f"{cause.title}: {_comparison(cause) or cause.message}")))
        place = ""
        if cause.cause is not None and cause.cause.file is not None:
            line = f",line={cause.cause.line}" if cause.cause.line is not None else ""
            place = f" file={_escaped_property(cause.cause.file)}{line}"
        yield f"::error{place}::{words}"


def _summary(verdict: Verdict, result: Result) -> Iterator[str]:
    sign = _BESIDE if verdict.causes and verdict.would_boot is not False else _SIGNS[verdict.would_boot]
    yield f"## {sign} {_plain(verdict.sentence)}"
    yield ""
    subject = result.subject
    if subject is not None:
        segment = f"Segment {result.segment}, lab" if result.segment else "Lab"
        yield f"{segment} {subject.lab}, profile {subject.profile}, run {subject.run}."
        yield ""
    for number, cause in enumerate(verdict.causes, start=1):
        yield f"{number}. {_code(cause.title)} {_plain(cause.suffers)}"
        if _comparison(cause):
            yield f"   - {_plain(_comparison(cause))}"
        left_out = f", {cause.not_run} not run for it" if cause.not_run else ""
        yield f"   - {len(cause.tests)} red{left_out}, clearest {_code(cause.clearest)}"
        if subject is not None and cause.is_of_a_test:
            yield f"   - {_code(' '.join(rerun_command(subject, cause.clearest)))}"
    for title, lines in (("Not run", verdict.not_run), ("Advisories", verdict.advisories)):
        if lines:
            yield ""
            yield f"**{title}**"
            yield ""
        yield from (f"- {_plain(line)}" for line in lines)


def _comparison(cause: HeadlineCause) -> str:
    finding = cause.finding
    if finding is None:
        return ""
    sender = f" from {finding.sender}" if finding.sender else ""
    return (
        f"{finding.field}: expected {shown_value(finding.expected)}, "
        f"received {shown_value(finding.received)}{sender}"
    )


def _code(text: str) -> str:
    """Words as code; what they contain is no markup."""
    line = " ".join(text.split())
    longest = max(map(len, re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {line} {fence}" if longest else f"`{line}`"


def _plain(text: str) -> str:
    """Words that a Markdown reader takes as they are."""
    return "".join(f"\\{each}" if each in "\\`*_{}[]<>#+!|~&" else each for each in " ".join(text.split()))


def _escaped(text: str) -> str:
    """The message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
