"""``edgeboot report``: the page of a run, made from its evidence directory, or of the runs of a site."""

from __future__ import annotations

import argparse
import json
from datetime import timedelta
from pathlib import Path
from typing import Final

from edgeboot.base.destination import check_file, replace_file, writing
from edgeboot.base.errors import UsageError
from edgeboot.cli.arguments import argument, duration
from edgeboot.labs.many_segments.reading import read_segments
from edgeboot.report.history.page import history
from edgeboot.report.history.page import page as history_page
from edgeboot.report.history.text import text
from edgeboot.report.page.material import Material
from edgeboot.report.page.render import page
from edgeboot.report.page.run_directory import REPORT
from edgeboot.report.page.written import write_page
from edgeboot.report.secrets import without_secrets
from edgeboot.report.segments.as_json import as_object
from edgeboot.report.segments.merged import Merged, merged
from edgeboot.report.segments.metrics import segments_metrics
from edgeboot.report.segments.page import segments_page
from edgeboot.report.segments.text import segments_text
from edgeboot.report.segments.told import hidden

HISTORY = "history.html"
OVERDUE: Final = timedelta(hours=26)
"""A night, and two hours for a run that began late."""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add its arguments to its parser."""
    add = command.add_argument
    directory_help = "of a run, such as evidence/last; with --history of several, such as evidence"
    add("directories", type=Path, nargs="+", metavar="DIR", help=directory_help)
    history_help = (
        "compare the runs: what turned red or green, new causes, flaky tests, trends; of several segments "
        "a row each, and each cause once"
    )
    add("--history", action="store_true", help=history_help)
    output_help = f"the file to write (default: DIR/{REPORT}, or DIR/{HISTORY}); its directory is made"
    add("-o", "--output", type=Path, metavar="FILE", help=output_help)
    add("--segment", metavar="NAME", help="with --history: only the runs of this segment")
    segments_help = "with --history: a segments.toml (docs/segments.md) that says which segments there are"
    add("--segments", type=Path, metavar="FILE", help=segments_help)
    add(
        "--overdue",
        type=argument(duration),
        metavar="TIME",
        help="with --history: a segment without a run for so long is overdue (default: 26h)",
    )
    add("--json", action="store_true", help="with --history: print the segments as one object, and no text")
    add("--metrics", type=Path, metavar="FILE", help="with --history: the same for Prometheus")
    command.set_defaults(act=run_report)


def run_report(options: argparse.Namespace) -> int:
    """Write the page, and say where it is; raises UsageError where there is no run."""
    directories: list[Path] = options.directories
    if options.history:
        return _run_history(options)
    for name in ("segment", "segments", "overdue", "json", "metrics"):
        if getattr(options, name):
            raise UsageError(f"--{name}", "is for --history", "leave it out, or say --history")
    if len(directories) > 1:
        raise UsageError(" ".join(map(str, directories)), "are several runs", "name one, or say --history")
    material = Material.read(directories[0])
    return _write(options.output or material.directory / REPORT, page(material))


def _run_history(options: argparse.Namespace) -> int:
    """One segment's runs are compared, test by test; several segments have a row each."""
    directories: list[Path] = options.directories
    file: Path = options.output or directories[0] / HISTORY
    expected = None if options.segments is None else _names(options.segments)
    found = merged(directories, options.overdue or OVERDUE, options.segment, expected)
    check_file(file, "--output")
    compared = len(found.segments) == 1 and found.segments[0].has_a_verdict and expected is None
    told, html = _one(found, directories, options.segment) if compared else _several(found, file)
    print(without_secrets(json.dumps(as_object(found), indent=2)) if options.json else told)
    if options.metrics is not None:
        with writing(options.metrics, "--metrics"):
            replace_file(options.metrics, segments_metrics(found))
    write_page(file, html, "--output")
    if not options.json:
        print(file)
    return 0


def _names(file: Path) -> tuple[str, ...]:
    return tuple(each.row.name for each in read_segments(file).rows)


def _several(found: Merged, file: Path) -> tuple[str, str]:
    return segments_text(found), segments_page(found, file)


def _one(found: Merged, directories: list[Path], segment: str | None) -> tuple[str, str]:
    comparison = history(directories, segment)
    return "\n".join((text(comparison), *hidden(found))), history_page(comparison)


def _write(file: Path, html: str) -> int:
    write_page(file, html, "--output")
    print(file)
    return 0
