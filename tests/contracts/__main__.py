"""Runs the suite at generated sites: ``python -m tests.contracts --count=200 --seed=1``.

Exit status 0 if every run is green, otherwise 1.
"""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import sys
from collections.abc import Sequence

from tests.contracts.runs import site_run
from tests.faults.runner import run_all


def main(arguments: Sequence[str]) -> int:
    """Run the suite at the sites of consecutive seeds; the exit status."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = parse_arguments(arguments)
    seeds = range(options.seed, options.seed + options.count)
    sys.stdout.write(f"sites {seeds[0]} to {seeds[-1]}\n")
    sys.stdout.flush()
    red = 0
    runs = run_all([site_run(seed, sample=options.sample) for seed in seeds], options.jobs)
    for done, result in enumerate(runs, start=1):
        passed = len(result.outcome.passed)
        if result.caught and passed:
            sys.stdout.write(f"[{done}/{len(seeds)}] {result.fault.name}: green, {passed} passed\n")
        else:
            red += 1
            seed = result.fault.name.split()[-1]
            sys.stdout.write(f"[{done}/{len(seeds)}] {result.fault.name}: red, {passed} passed\n")
            for test, message in result.outcome.failed.items():
                sys.stdout.write(f"  {test}: {message}\n")
            if not result.outcome.failed:
                sys.stdout.write(result.outcome.output)
            sys.stdout.write(f"  again: make contracts COUNT=1 SEED={seed}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(seeds) - red} of {len(seeds)} sites green\n")
    return 1 if red else 0


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.contracts", description=__doc__)
    parser.add_argument("--count", type=int, default=20, help="how many sites")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6), help="the first site's seed")
    parser.add_argument("--sample", action="store_true", help="three files of tests for each site")
    parser.add_argument("--jobs", type=int, default=2 * len(os.sched_getaffinity(0)))
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
