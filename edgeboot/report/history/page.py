"""The runs of a site as one page, of the same kind as that of a run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.report.history.comparison import Comparison, compared
from edgeboot.report.history.plot import plot
from edgeboot.report.history.result_files import NAME_DIRECTORIES, FoundResults
from edgeboot.report.latencies import Nodes
from edgeboot.report.page.material import RESULT
from edgeboot.report.page.render import rendered
from edgeboot.report.result import Result

_TOLD: Final = 3


def history(directories: list[Path], segment: str | None = None) -> Comparison:
    """The runs in these directories and below them.

    Args:
        directories: where to look.
        segment: only the runs of this one.

    Raises:
        UsageError: a directory is not there, or there is no run with a verdict.
    """
    results, unreadable = _results(directories, segment)
    found = compared(results)
    if found is None:
        named = ", ".join(map(str, directories))
        of_it = f" of segment {segment}" if segment else ""
        where = f"there or below{of_it}"
        why = f"no run {where} has come to its end" if results else f"no {RESULT} {where} that can be read"
        problem = "; ".join((f"no run with a verdict: {why}", *unreadable[:_TOLD]))
        raise UsageError(named, problem, NAME_DIRECTORIES)
    return replace(found, unreadable=unreadable)


def page(comparison: Comparison) -> str:
    """What has changed, what is flaky, trends, and every run."""
    nights, dates = comparison.nights, [night.date for night in comparison.nights]
    changes = (
        ("new causes", [cause.title for cause in comparison.new_causes]),
        ("tests turned red", comparison.turned_red),
        ("tests red that had no result in the run before", comparison.red_and_not_run_before),
        ("tests turned green", comparison.turned_green),
    )
    plots = [
        (title, plot(title, dates, [night.offer_seconds(nodes) for night in nights]))
        for nodes, title in (
            (Nodes.NEW, "Offer to a new node, nine of ten within"),
            (Nodes.KNOWN, "Offer to a known node, nine of ten within"),
        )
    ]
    plots.append(("Time of the run", plot("Time of the run", dates, [night.seconds for night in nights])))
    storms = dict.fromkeys(each.heading for night in nights for each in night.result.storms)
    for heading in storms:
        title = f"Storm ({heading}), all ready after"
        plots.append((title, plot(title, dates, [night.storm_ready_seconds(heading) for night in nights])))
    return rendered("history.html.j2", comparison=comparison, nights=nights, changes=changes, plots=plots)


def _results(directories: list[Path], segment: str | None) -> tuple[list[Result], tuple[str, ...]]:
    """Those of one segment, or all; and why others cannot be read."""
    found = FoundResults(directories)
    results = [each for _, each in found if segment in {None, each.segment}]
    return results, tuple(found.unreadable)
