"""Meet the catalogue: ``python -m tests.faults [NAME…]``.

Ends with status 0 where every fault is caught, no check is unproven and no good server
raises an alarm; else with 1.
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
from edgeboot.report.explain import plain_console
from tests.faults.catalogue import faults
from tests.faults.checks import checks, proving_faults
from tests.faults.good_server import GOOD_SERVER_ENTRIES
from tests.faults.outcome import FaultVerdict
from tests.faults.page import PAGES, shortened, write
from tests.faults.runner import run_all

_LABS_PER_CPU: Final = 5
"""A run waits for most of its time: for ping checks, and for what never comes."""


def main(arguments: Sequence[str]) -> int:
    """Run the named faults, or all of a lab."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = parsed(arguments)
    known = (*faults(options.lab), *(each for each in GOOD_SERVER_ENTRIES if each.lab == options.lab))
    chosen = [
        each
        for each in known
        if (not options.names or any(name in each.name for name in options.names))
        and (each.sampled or not options.sample)
    ]
    if not chosen:
        sys.stderr.write(f"no fault of lab {options.lab} is named so\n")
        return 2
    whole = not options.names and not options.sample
    console, began = plain_console(), time.monotonic()
    verdicts: list[FaultVerdict] = []
    for each in run_all(chosen, options.jobs):
        verdicts.append(each)
        tell(console, each, len(verdicts), len(chosen))
    in_order = sorted(verdicts, key=lambda each: chosen.index(each.fault))
    proven = proving_faults(in_order)
    unproven = sorted(checks(options.lab) - proven.keys()) if whole else []
    summary = summed_up(in_order, unproven, time.monotonic() - began)
    console.print(table(in_order))
    for test in unproven:
        console.print(f"unproven: no fault turns {test} red")
    console.print(summary)
    good = all(each.caught for each in verdicts) and not unproven
    told = all(each.caught for each in verdicts if each.fault not in GOOD_SERVER_ENTRIES) and not unproven
    if whole and told and options.page:  # The page says what good servers' alarms there were.
        console.print(f"written: {write(options.lab, in_order, proven, summary)}")
    return 0 if good else 1


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="part of the names of faults")
    parser.add_argument("--lab", default=PLAINEST, choices=tuple(PAGES))
    parser.add_argument("--jobs", type=int, default=_LABS_PER_CPU * len(os.sched_getaffinity(0)))
    parser.add_argument("--sample", action="store_true", help="only those that CI meets every time")
    parser.add_argument("--page", action="store_true", help="write the page of docs/ anew")
    return parser.parse_args(arguments)


def tell(console: Console, found: FaultVerdict, number: int, total: int) -> None:
    """A line for a fault that was caught; for any other all that went wrong."""
    seconds = f"{found.outcome.seconds:.0f} s"
    console.print(
        f"[{number}/{total}] {'caught' if found.caught else 'NOT CAUGHT'}: {found.fault.name} ({seconds})"
    )
    for what, tests in (
        ("has not failed", found.missed),
        ("failed without the words", found.unexplained),
        ("failed, and should not have", found.false_alarms),
    ):
        for test in tests:
            said = next((text for name, text in found.outcome.failed.items() if name.startswith(test)), "")
            console.print(f"    {test} {what}: {shortened(said)}", soft_wrap=True)
    if not found.ended or (found.missed and not found.outcome.failed and not found.outcome.passed):
        console.print(f"    the run ended with status {found.outcome.status}")
        console.print(found.outcome.output[-2000:])


def table(verdicts: Sequence[FaultVerdict]) -> Table:
    """Fault by fault: who has caught it, and by which words."""
    columns = Table(title="faults", title_justify="left")
    for heading in ("fault", "caught by", "message"):
        columns.add_column(heading, overflow="fold")
    for each in verdicts:
        columns.add_row(each.fault.name, caught_by(each), shortened(each.message))
    return columns


def caught_by(found: FaultVerdict) -> str:
    """The tests that are there for it; of a good server, nobody."""
    if not found.caught:
        return "NOT AS IT SHOULD BE"
    if found.fault in GOOD_SERVER_ENTRIES:
        return f"nobody: {len(found.outcome.passed)} passed"
    return "\n".join(found.fault.caught_by) or "the lab's start"


def summed_up(verdicts: Sequence[FaultVerdict], unproven: Sequence[str], seconds: float) -> str:
    """The one line that counts."""
    broken = [each for each in verdicts if each.fault not in GOOD_SERVER_ENTRIES]
    good = [each for each in verdicts if each.fault in GOOD_SERVER_ENTRIES]
    alarms = sum(len(each.false_alarms) or not each.ended for each in good)
    return (
        f"{sum(each.caught for each in broken)}/{len(broken)} caught, {len(unproven)} unproven checks, "
        f"{alarms} false alarms on {len(good)} good servers, in {timedelta(seconds=round(seconds))}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
