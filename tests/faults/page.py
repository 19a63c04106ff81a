"""Writes docs/faults.md: the catalogue with the result of a whole run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from edgeboot.base.paths import PROJECT
from edgeboot.labs.registry import PLAINEST
from tests.faults.catalogue import CATALOGUE
from tests.faults.fault import Group
from tests.faults.outcome import FaultVerdict

PAGES: Final = {"netns": PROJECT / "docs" / "faults.md", "kind": PROJECT / "docs" / "faults-kind.md"}
_MAX_LENGTH: Final = 220
_MAX_NAMES: Final = 3
_VOLATILE: Final = ((r"/\S+/edgeboot-fault-\w+/", ""), (r"0x[0-9a-f]{8}\b( \(\d+\))?", "0x…"), (r"\s+", " "))
"""Parts of a message that differ from run to run: directories, transaction ids, spaces."""
_HEAD: Final = """# Faults: does each check fail when it should?

Written by `{made}`; do not edit. Each entry of tests/faults is a deployment or a segment
that is broken in one way. The suite runs against it: exactly the listed tests must fail, with
messages that lead to the cause, and no other test. Troubles that were reported in public:
[public-cases.md](public-cases.md).

{summary}
"""


def write_page(
    lab: str, verdicts: Iterable[FaultVerdict], proven: Mapping[str, tuple[str, ...]], summary: str
) -> Path:
    """Write the page of a lab from a whole run of its faults; its path."""
    by_name = {each.fault.name: each for each in verdicts}
    made = "make faults" if lab == PLAINEST else f"make faults LAB={lab}"
    lines = [_HEAD.format(made=made, summary=summary)]
    for group, faults in CATALOGUE.items():
        if group is Group.PUBLIC:  # They have a page of their own.
            continue
        rows = [row(by_name[each.name]) for each in faults if each.name in by_name]
        if rows:
            heading = "| fault | what is broken | what an operator sees | caught by | what the suite says |"
            lines += [
                f"## {group.value}",
                "",
                heading,
                "|---|---|---|---|---|",
                *rows,
                "",
            ]
    lines += ["## What makes each check fail", "", "| check | by |", "|---|---|", *proof_rows(proven), ""]
    PAGES[lab].write_text("\n".join(lines), encoding="utf-8")
    return PAGES[lab]


def row(result: FaultVerdict) -> str:
    """The table row of a fault."""
    fault = result.fault
    caught_by = [f"`{test.partition('::')[2]}`" for test in fault.caught_by] or ["the lab's start"]
    more = f", and {len(fault.caught_by) - _MAX_NAMES} more" if len(fault.caught_by) > _MAX_NAMES else ""
    cells = (
        fault.name,
        fault.broken,
        fault.symptom,
        ", ".join(caught_by[:_MAX_NAMES]) + more,
        without_volatile_parts(result.message),
    )
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def proof_rows(proven: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Table rows: each check with the faults that it detected."""
    for test, names in proven.items():
        more = f", and {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else ""
        yield f"| `{test}` | {', '.join(names[:_MAX_NAMES])}{more} |"


def without_volatile_parts(message: str) -> str:
    """The message without the parts that differ from run to run, cut to fit a table."""
    for pattern, text in _VOLATILE:
        message = re.sub(pattern, text, message)
    return message if len(message) <= _MAX_LENGTH else f"{message[:_MAX_LENGTH]}…"
