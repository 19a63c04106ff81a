"""The page of a command's storm: one file, its style inside, and nothing that it loads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edgeboot.base.counted import counted
from edgeboot.report.page.render import inline, rendered
from edgeboot.report.page.storm_section import over_time, storm_section
from edgeboot.report.storm.record import StormRecord

_COLOURS: Final = """
svg { --ink: #1d2024; --soft: #5b626b; --rule: #d9dce0; --bad: #b3261e; background: #fff; }
@media (prefers-color-scheme: dark) {
svg { --ink: #e7e9ec; --soft: #a3abb5; --rule: #343a41; --bad: #ff8a80; background: #14171a; }
}
"""
"""Of a drawing without a page."""


def storm_page(records: Sequence[StormRecord], runs: str) -> str:
    """A page with figures, causes and drawings.

    Args:
        records: of one storm, or of one plan against several servers.
        runs: what was stormed, in the lab's words.
    """
    section, held = storm_section(records), records[0].result.all_bound
    sentence = "; ".join(_ready(record, named=number > 0) for number, record in enumerate(records))
    return rendered("storms.html.j2", section=section, sentence=sentence, runs=runs, held=held)


def storm_picture(records: Sequence[StormRecord]) -> str:
    """Nodes over time as a drawing of its own, with its style inside."""
    head, _, rest = over_time(records).partition(">")
    return f"{head}><style>{_COLOURS}{inline('storm.css')}</style>{rest}\n"


def _ready(record: StormRecord, *, named: bool) -> str:
    result = record.result
    last = f", the last one after {result.completion[-1].seconds:.1f} s" if result.completion else ""
    if named:
        return f"{record.heading}: {result.bound} of {result.nodes}{last}"
    were = "was" if result.bound == 1 else "were"
    return f"{result.bound} of {counted(result.nodes, 'node')} {were} ready{last}"
