"""A page written to the file that a command's option names."""

from __future__ import annotations

from pathlib import Path

from edgeboot.base.destination import writing


def write_page(file: Path, html: str, option: str) -> None:
    """Write a page; the directory is made where it is not there.

    Raises:
        UsageError: it cannot be written; the error names ``option``.
    """
    with writing(file, option):
        file.write_text(html, encoding="utf-8")
