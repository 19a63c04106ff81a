"""A page written to the file that a command's option names."""

from __future__ import annotations

from pathlib import Path

from edgeboot.base.errors import UsageError


def write_page(file: Path, html: str, option: str) -> None:
    """Write a page; the directory is made where it is not there.

    Raises:
        UsageError: it cannot be written; the error names ``option``.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(html, encoding="utf-8")
    except OSError as error:
        problem = f"cannot be written ({error.strerror})"
        raise UsageError(f"{option} {file}", problem, "name a file that may be written") from error
