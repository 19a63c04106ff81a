"""Meet the catalogue: ``python -m tests.faults [NAME…]``.

Ends with status 0 where every fault is caught, no check is unproven and no good server
raises an alarm; else with 1.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from rich.console import Console
from rich.table import Table

from edgeboot.explain import plain_console
from tests.faults.catalogue import faults
from tests.faults.checks import checks, proofs
from tests.faults.fault import Fault
from tests.faults.outcome import Verdict
from tests.faults.page import shown, write
from tests.faults.runner import run_all

_LABS_PER_CPU: Final = 5
"""A run waits for most of its time: for ping checks, and for what never comes."""


def main(arguments: Sequence[str]) -> int:
    """Run the named faults, or all of a lab."""
    options = parsed(arguments)
    chosen = [
        each
        for each in faults(options.lab)
        if (not options.names or any(name in each.name for name in options.names))
        and (each.sampled or not options.sample)
    ]
    if not chosen:
        sys.stderr.write(f"no fault of lab {options.lab} is named so\n")
        return 2
    whole = not options.names and not options.sample
    console, began, verdicts = plain_console(), time.monotonic(), []
    for each in run_all(chosen, options.jobs):
        verdicts.append(each)
        tell(console, each, len(verdicts), len(chosen))
    in_order = sorted(verdicts, key=lambda each: chosen.index(each.fault))
    proven = proofs(in_order)
    unproven = sorted(checks(options.lab) - proven.keys()) if whole else []
    summary = summed_up(chosen, in_order, unproven, time.monotonic() - began)
    console.print(table(in_order))
    for test in unproven:
        console.print(f"unproven: no fault turns {test} red")
    console.print(summary)
    good = all(each.caught for each in verdicts) and not unproven
    if whole and good and options.page:
        console.print(f"written: {write(options.lab, in_order, proven, summary)}")
    return 0 if good else 1


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="part of the names of faults")
    parser.add_argument("--lab", default="netns", choices=("netns", "kind"))
    parser.add_argument("--jobs", type=int, default=_LABS_PER_CPU * len(os.sched_getaffinity(0)))
    parser.add_argument("--sample", action="store_true", help="only those that CI meets every time")
    parser.add_argument("--page", action="store_true", help="write the page of docs/ anew")
    return parser.parse_args(arguments)


def tell(console: Console, found: Verdict, number: int, total: int) -> None:
    """A line for a fault that was caught; for any other all that went wrong."""
    seconds = f"{found.outcome.seconds:.0f} s"
    console.print(
        f"[{number}/{total}] {'caught' if found.caught else 'NOT CAUGHT'}: {found.fault.name} ({seconds})"
    )
    for what, tests in (
        ("has not failed", found.missed),
        ("failed without the words", found.mute),
        ("failed, and should not have", found.false_alarms),
    ):
        for test in tests:
            said = next((text for name, text in found.outcome.failed.items() if name.startswith(test)), "")
            console.print(f"    {test} {what}: {shown(said)}")
    if found.missed and not found.outcome.failed and not found.outcome.passed:
        console.print(found.outcome.output[-2000:])


def table(verdicts: Sequence[Verdict]) -> Table:
    """Fault by fault: who has caught it, and by which words."""
    columns = Table(title="faults", title_justify="left")
    for heading in ("fault", "caught by", "message"):
        columns.add_column(heading, overflow="fold")
    for each in verdicts:
        caught_by = "\n".join(each.fault.caught_by) or "the lab's start"
        columns.add_row(each.fault.name, caught_by if each.caught else "NOT CAUGHT", shown(each.message))
    return columns


def summed_up(
    chosen: Sequence[Fault], verdicts: Sequence[Verdict], unproven: Sequence[str], seconds: float
) -> str:
    """The one line that counts."""
    caught = sum(each.caught for each in verdicts)
    alarms = sum(len(each.false_alarms) for each in verdicts)
    took = timedelta(seconds=round(seconds))
    return f"{caught}/{len(chosen)} caught, {len(unproven)} unproven checks, {alarms} false alarms, in {took}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
