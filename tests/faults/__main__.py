"""Runs the suite against the catalogue of faults: ``python -m tests.faults [NAME…]``.

Exit status 0 if every fault is caught, no check is unproven and no good server raises an
alarm; otherwise 1, and 2 if no fault has such a name.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from rich.console import Console
from rich.table import Table

from edgeboot.labs.registry import PLAINEST
from edgeboot.report.values import plain_console
from tests.faults.catalogue import faults
from tests.faults.checks import checks, proving_faults
from tests.faults.cluster_storms import CLUSTER_STORM_FAULTS
from tests.faults.fault import Fault
from tests.faults.good_entries import GOOD_ENTRIES
from tests.faults.kept import KeptOutcomes, keep, kept_outcomes
from tests.faults.machines import MACHINE_FAULTS
from tests.faults.outcome import FaultVerdict
from tests.faults.page import PAGES, without_volatile_parts, write_page
from tests.faults.public_cases import GOOD_CONFIGURATION_ENTRIES, PUBLIC
from tests.faults.public_page import write_public_page
from tests.faults.runner import run_all
from tests.faults.storms import STORM_FAULTS

_OF_THEIR_OWN: Final = 2
"""Runs at once that start a virtual machine each, or measure a storm."""
_LABS_PER_CPU: Final = 5
"""A run spends most of its time waiting for ping checks and timeouts."""


def main(arguments: Sequence[str]) -> int:
    """Run the named faults, or all faults of a lab; the exit status."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = parse_arguments(arguments)
    selected = selected_entries(options)
    if not selected:
        sys.stderr.write(f"no fault of lab {options.lab} has such a name\n")
        return 2
    everything = not (options.names or options.sample)
    whole = everything and not (options.public or options.machines or options.storms)
    console, began = plain_console(), time.monotonic()
    before = kept_outcomes(options.lab) if options.again else KeptOutcomes()
    verdicts = [each for each in before.judged(selected) if each.caught]
    done = {each.fault.name for each in verdicts}
    results = before
    jobs = min(options.jobs, _OF_THEIR_OWN) if options.machines or options.storms else options.jobs
    for result in run_all([each for each in selected if each.name not in done], jobs):
        verdicts.append(result)
        print_verdict(console, result, len(verdicts), len(selected))
        results = before.with_results(verdicts, timedelta(seconds=time.monotonic() - began))
        if whole:  # Each time, so that a run which is interrupted goes on with --again.
            keep(options.lab, results)
    in_order = sorted(verdicts, key=lambda result: selected.index(result.fault))
    proven = proving_faults(in_order)
    unproven = sorted(checks(options.lab) - proven.keys()) if whole else []
    summary = summary_line(in_order, unproven, results.took)
    console.print(verdict_table(in_order))
    for test in unproven:
        console.print(f"unproven: no fault turns {test} red")
    console.print(summary)
    good = all(result.caught for result in verdicts) and not unproven
    all_caught = (
        all(result.caught for result in verdicts if result.fault not in GOOD_ENTRIES) and not unproven
    )
    if whole and all_caught and options.page:  # The page states the good servers' alarms.
        console.print(f"written: {write_page(options.lab, in_order, proven, summary)}")
    if everything and not (options.machines or options.storms) and options.lab == PLAINEST and options.page:
        console.print(f"written: {write_public_page(in_order)}")
    return 0 if good else 1


def selected_entries(options: argparse.Namespace) -> list[Fault]:
    """The entries of the lab that the command line asks for."""
    known = (*faults(options.lab), *GOOD_ENTRIES)
    if options.public:
        known = (*PUBLIC, *GOOD_CONFIGURATION_ENTRIES)
    if options.machines:
        known = MACHINE_FAULTS
    if options.storms:
        known = (*STORM_FAULTS, *CLUSTER_STORM_FAULTS)
    return [
        entry
        for entry in known
        if entry.lab == options.lab
        and (not options.names or any(name in entry.name for name in options.names))
        and (entry.sampled or not options.sample)
    ]


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="part of the names of faults")
    parser.add_argument("--lab", default=PLAINEST, choices=tuple(PAGES))
    parser.add_argument("--jobs", type=int, default=_LABS_PER_CPU * len(os.sched_getaffinity(0)))
    parser.add_argument("--sample", action="store_true", help="only those that every CI run checks")
    parser.add_argument("--public", action="store_true", help="only reported and published configurations")
    parser.add_argument("--machines", action="store_true", help="only those that machines boot against")
    parser.add_argument("--storms", action="store_true", help="only those of many nodes at once")
    parser.add_argument("--again", action="store_true", help="only those that no earlier run has caught")
    parser.add_argument("--page", action="store_true", help="write the pages of docs/ again")
    return parser.parse_args(arguments)


def print_verdict(console: Console, result: FaultVerdict, number: int, total: int) -> None:
    """Print one line for a caught fault, and everything that went wrong for any other."""
    seconds = f"{result.outcome.seconds:.0f} s"
    console.print(
        f"[{number}/{total}] {'caught' if result.caught else 'NOT CAUGHT'}: {result.fault.name} ({seconds})"
    )
    for problem, tests in (
        ("did not fail", result.missed),
        ("failed with another message", result.unexplained),
        ("failed unexpectedly", result.false_alarms),
    ):
        for test in tests:
            message = next(
                (text for name, text in result.outcome.failed.items() if name.startswith(test)), ""
            )
            console.print(f"    {test} {problem}: {without_volatile_parts(message)}", soft_wrap=True)
    if len(result.outcome.passed) < result.fault.passes:
        console.print(f"    {len(result.outcome.passed)} tests passed, fewer than {result.fault.passes}")
    if not result.ended or (result.missed and not result.outcome.failed and not result.outcome.passed):
        console.print(f"    the run ended with status {result.outcome.status}")
        console.print(result.outcome.output[-2000:])


def verdict_table(verdicts: Sequence[FaultVerdict]) -> Table:
    """A table of the faults, with the tests that caught each and the message."""
    columns = Table(title="faults", title_justify="left")
    for heading in ("fault", "caught by", "message"):
        columns.add_column(heading, overflow="fold")
    for result in verdicts:
        columns.add_row(result.fault.name, caught_by(result), without_volatile_parts(result.message))
    return columns


def caught_by(result: FaultVerdict) -> str:
    """The tests that caught the fault; for a good server how many passed."""
    if not result.caught:
        return "NOT CAUGHT"
    if result.fault.is_right:
        return f"nobody: {len(result.outcome.passed)} passed"
    return "\n".join(result.fault.caught_by) or "the lab's start"


def summary_line(verdicts: Sequence[FaultVerdict], unproven: Sequence[str], took: timedelta) -> str:
    """The result of all runs in one line."""
    broken = [result for result in verdicts if result.fault not in GOOD_ENTRIES]
    good = [result for result in verdicts if result.fault in GOOD_ENTRIES]
    alarms = sum(len(result.false_alarms) or not result.ended for result in good)
    time_taken = timedelta(seconds=round(took.total_seconds()))
    return (
        f"{sum(result.caught for result in broken)}/{len(broken)} caught, {len(unproven)} unproven checks, "
        f"{alarms} false alarms on {len(good)} good servers, in {time_taken}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
