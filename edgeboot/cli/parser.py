"""The parser of ``edgeboot``'s command lines."""

from __future__ import annotations

import argparse
import sys
from typing import NoReturn

from edgeboot.cli.exit_status import EXIT_USAGE


class Parser(argparse.ArgumentParser):
    """argparse's, with our exit status for a command line that cannot be used."""

    def error(self, message: str) -> NoReturn:
        """End; argparse's own status would say that the run was interrupted."""
        self.print_usage(sys.stderr)
        self.exit(EXIT_USAGE, f"{self.prog}: {message}\n")
