"""The runs of a site as one page, of the same kind as that of a run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.report.history.comparison import Comparison, compared
from edgeboot.report.history.plot import plot
from edgeboot.report.latencies import Nodes
from edgeboot.report.page.material import RESULT
from edgeboot.report.page.render import rendered
from edgeboot.report.result import Result, read_result

_HINT: Final = "name directories of runs, such as evidence"
_TOLD: Final = 3


def history(directories: list[Path]) -> Comparison:
    """The runs in these directories, and in those directly below them.

    Raises:
        UsageError: a directory is not there, or there is no run with a verdict.
    """
    for each in directories:
        if not each.is_dir():
            raise UsageError(str(each), "no such directory", _HINT)
    results, unreadable = _results(directories)
    found = compared(results)
    if found is None:
        named = ", ".join(map(str, directories))
        where = "there or one directory below"
        why = f"no run {where} has come to its end" if results else f"no {RESULT} {where} that can be read"
        problem = "; ".join((f"no run with a verdict: {why}", *unreadable[:_TOLD]))
        raise UsageError(named, problem, _HINT)
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


def _results(directories: list[Path]) -> tuple[list[Result], tuple[str, ...]]:
    """Each once, though evidence/last is one of those beside it; and why others cannot be read."""
    files = {
        file.resolve()
        for directory in directories
        for file in (directory / RESULT, *directory.glob(f"*/{RESULT}"))
        if file.is_file()
    }
    results: list[Result] = []
    unreadable: list[str] = []
    for file in sorted(files):
        try:
            result = read_result(file)
        except UsageError as error:
            unreadable.append(f"{error.where} {error.problem}")
        else:
            results += [] if result is None else [result]
    return results, tuple(unreadable)
