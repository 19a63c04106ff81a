"""A run's directory at its end: the result, what the page needs from elsewhere, and the page."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Final

from edgeboot.report.evidence import run_directory
from edgeboot.report.page.excerpt import excerpts
from edgeboot.report.page.material import EXCERPTS, RESULT, Material
from edgeboot.report.page.render import page
from edgeboot.report.result import Result
from edgeboot.report.verdict.headline import Verdict

REPORT: Final = "report.html"


def keep_run(root: Path, run: str, result: Result, found: Verdict, copy: Path | None = None) -> Path:
    """Write ``result.json`` and ``report.html`` to ``root/RUN``; returns the page's path.

    Args:
        root: the directory for evidence.
        run: the run's name.
        result: of the whole run.
        found: the verdict on it.
        copy: where the page is to be, too.

    Raises:
        OSError: a file cannot be written.
    """
    directory = run_directory(root, run)
    (directory / RESULT).write_text(result.encode(), encoding="utf-8", errors="backslashreplace")
    kept = [each.to_json() for each in excerpts(cause.cause for cause in found.causes)]
    (directory / EXCERPTS).write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    written = write_page(directory, directory / REPORT)
    if copy is not None:
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(written, copy)
    return written


def write_page(directory: Path, file: Path) -> Path:
    """The page of a run's directory, made anew; raises UsageError where that has no result."""
    file.write_text(page(Material.read(directory)), encoding="utf-8")
    return file
