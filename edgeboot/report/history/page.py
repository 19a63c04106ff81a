"""The runs of a site as one page, of the same kind as that of a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from edgeboot.base.errors import UsageError
from edgeboot.report.history.comparison import Comparison, compared
from edgeboot.report.history.plot import plot
from edgeboot.report.latencies import Nodes
from edgeboot.report.page.material import RESULT
from edgeboot.report.page.render import rendered
from edgeboot.report.result import Result, read_result


def history(directories: list[Path]) -> Comparison:
    """The runs in these directories, and in those directly below them.

    Raises:
        UsageError: there is no run with a verdict.
    """
    found = compared(_results(directories))
    if found is None:
        named = ", ".join(map(str, directories))
        problem = f"no run with a verdict: no {RESULT} there or one directory below"
        raise UsageError(named, problem, "name directories of runs, such as evidence")
    return found


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
    return rendered("history.html.j2", comparison=comparison, nights=nights, changes=changes, plots=plots)


def _results(directories: list[Path]) -> Iterator[Result]:
    """Each once, though evidence/last is one of those beside it; none that this version cannot read."""
    files = {
        file.resolve()
        for directory in directories
        for file in (directory / RESULT, *directory.glob(f"*/{RESULT}"))
        if file.is_file()
    }
    for file in sorted(files):
        try:
            result = read_result(file)
        except (UsageError, ValueError, KeyError, TypeError):
            continue
        if result is not None:
            yield result
