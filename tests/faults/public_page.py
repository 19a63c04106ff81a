"""Writes docs/public-cases.md: what the suite said of each reported and published configuration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from edgeboot.base.paths import PROJECT
from tests.faults.outcome import FaultVerdict
from tests.faults.page import without_volatile_parts
from tests.faults.public_cases import Case, good_configurations, troubles

PAGE: Final = PROJECT / "docs" / "public-cases.md"
_HEAD: Final = """# Public cases: what does the suite say of other people's configurations?

Written by `make public-cases`; do not edit. Each case is a trouble that somebody reported in
public, or a configuration that somebody published, written down for the lab's segment
192.168.99.0/24 (tests/faults/public). The suite runs against it: of a trouble it must name the
cause, of a good configuration it must not complain.

{summary}
"""


def write_public_page(verdicts: Iterable[FaultVerdict]) -> Path:
    """Write the page from a run of all cases; its path."""
    by_name = {each.fault.name: each for each in verdicts}
    judged = [by_name[each.fault.name] for each in (*troubles(), *good_configurations())]
    right = sum(each.caught for each in judged)
    summary = (
        f"{right} of {len(judged)} are judged right: {len(troubles())} troubles, "
        f"{len(good_configurations())} good configurations."
    )
    lines = [
        _HEAD.format(summary=summary),
        "## Troubles",
        "",
        "| trouble | what is wrong | reported | what the suite says |",
        "|---|---|---|---|",
        *trouble_rows(by_name),
        "",
        "## Good configurations",
        "",
        "| configuration | what it is | published | what the suite says |",
        "|---|---|---|---|",
        *good_rows(by_name),
        "",
    ]
    PAGE.write_text("\n".join(lines), encoding="utf-8")
    return PAGE


def trouble_rows(verdicts: Mapping[str, FaultVerdict]) -> Iterator[str]:
    """A table row for each trouble, with the line that names its cause as received in the run."""
    for each in troubles():
        result = verdicts[each.fault.name]
        words = without_volatile_parts(result.message) if result.caught else "judged wrong"
        yield _row(each.name, f"{each.broken}: {each.symptom}", published(each), words)


def good_rows(verdicts: Mapping[str, FaultVerdict]) -> Iterator[str]:
    """A table row for each good configuration, with the number of tests that passed."""
    for each in good_configurations():
        result = verdicts[each.fault.name]
        counts = f"{len(result.outcome.passed)} passed, {len(result.outcome.defects)} known defects"
        yield _row(each.name, each.right, published(each), counts if result.caught else "judged wrong")


def published(case: Case) -> str:
    """Links to where the case was published, with dates as far as known."""
    return "; ".join(
        f"[{each.title}]({each.url})" + (f", {each.date}" if each.date else "") for each in case.sources
    )


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"
