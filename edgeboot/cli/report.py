"""``edgeboot report``: the page of a run, made from its evidence directory."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from edgeboot.base.destination import check_file
from edgeboot.report.page.material import Material
from edgeboot.report.page.render import page
from edgeboot.report.page.run_directory import REPORT


def add_report(commands: Any) -> None:
    """Add the command to the parser's."""
    help_text = "the page of a run, made from its evidence directory"
    command = commands.add_parser("report", help=help_text, description=help_text)
    command.add_argument("directory", type=Path, metavar="DIR", help="of a run, such as evidence/last")
    output_help = f"the file to write (default: DIR/{REPORT})"
    command.add_argument("-o", "--output", type=Path, metavar="FILE", help=output_help)
    command.set_defaults(act=run_report)


def run_report(options: argparse.Namespace) -> int:
    """Write the page, and say where it is; raises UsageError where there is no run."""
    material = Material.read(options.directory)
    file: Path = options.output or material.directory / REPORT
    check_file(file, "--output")
    file.write_text(page(material), encoding="utf-8")
    print(file)
    return 0
