"""One storm in a lab of its own: no storm finds what another has left with the server."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console

from edgeboot.labs.settings import Settings
from edgeboot.labs.storm_hosts import storm_hosts
from edgeboot.labs.storm_run import run_storm
from edgeboot.report.storm.progress import progress_line, release_line
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.progress import Progress
from edgeboot.stress.storm.result import StormResult


def one_storm(settings: Settings, plan: StormPlan, notes: Console) -> StormResult:
    """A storm in a lab that is made for it."""
    lab = settings.make_lab("storm")
    lab.up()
    try:
        with storm_hosts(lab, settings, fetches=plan.fetches), notes.status("") as status:
            return run_storm(
                lab,
                settings.run,
                plan,
                _shown_on(status.update),
                lambda progress: status.update(release_line(progress)),
            )
    finally:
        lab.down()


def _shown_on(show: Callable[[str], object]) -> Callable[[Progress], None]:
    """Shows each progress, with the rate since the one before."""
    last = Progress(0.0, 0, 0, 0, 0)

    def on_progress(progress: Progress) -> None:
        nonlocal last
        seconds = progress.elapsed - last.elapsed
        rate = (progress.bound - last.bound) / seconds if seconds > 0 else 0.0
        last = progress
        show(progress_line(progress, rate))

    return on_progress
