"""``edgeboot clean``: removes what killed runs left, and kept labs."""

from __future__ import annotations

import argparse
import sys

from edgeboot.cli.exit_status import EXIT_LAB_BROKEN
from edgeboot.labs.clean import NotCleaned, clean


def add_arguments(command: argparse.ArgumentParser) -> None:
    """It has none."""
    command.set_defaults(act=_clean)


def _clean(_: argparse.Namespace) -> int:
    try:
        removed = clean(on_removed=lambda each: print(f"removed {each}"), kept=True)
    except NotCleaned as error:
        for problem in error.problems:
            print(f"edgeboot: {problem}", file=sys.stderr)
        return EXIT_LAB_BROKEN
    if not removed:
        print("nothing was left behind")
    return 0
