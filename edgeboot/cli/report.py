"""``edgeboot report``: the page of a run, made from its evidence directory, or of the runs of a site."""

from __future__ import annotations

import argparse
from pathlib import Path

from edgeboot.base.destination import check_file
from edgeboot.base.errors import UsageError
from edgeboot.report.history.page import history
from edgeboot.report.history.page import page as history_page
from edgeboot.report.history.text import text
from edgeboot.report.page.material import Material
from edgeboot.report.page.render import page
from edgeboot.report.page.run_directory import REPORT
from edgeboot.report.page.written import write_page

HISTORY = "history.html"


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add its arguments to its parser."""
    directory_help = "of a run, such as evidence/last; with --history of several, such as evidence"
    command.add_argument("directories", type=Path, nargs="+", metavar="DIR", help=directory_help)
    history_help = "compare the runs: what turned red or green, new causes, flaky tests, trends"
    command.add_argument("--history", action="store_true", help=history_help)
    output_help = f"the file to write (default: DIR/{REPORT}, or DIR/{HISTORY}); its directory is made"
    command.add_argument("-o", "--output", type=Path, metavar="FILE", help=output_help)
    command.set_defaults(act=run_report)


def run_report(options: argparse.Namespace) -> int:
    """Write the page, and say where it is; raises UsageError where there is no run."""
    directories: list[Path] = options.directories
    if options.history:
        comparison = history(directories)
        file = options.output or directories[0] / HISTORY
        check_file(file, "--output")
        print(text(comparison))
        return _write(file, history_page(comparison))
    if len(directories) > 1:
        raise UsageError(" ".join(map(str, directories)), "are several runs", "name one, or say --history")
    material = Material.read(directories[0])
    return _write(options.output or material.directory / REPORT, page(material))


def _write(file: Path, html: str) -> int:
    write_page(file, html, "--output")
    print(file)
    return 0
