"""The results of many runs, found in directories and read one after the other."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.report.page.material import RESULT
from edgeboot.report.page.run_directory import REPORT
from edgeboot.report.result import Result, read_result

RESULTS: Final = "results"
"""A directory in which every JSON file is a result: as a Pod of manifests/nightly names it."""
NAME_DIRECTORIES: Final = "name directories of runs, such as evidence"


class FoundResults:
    """The results in directories and below them, each read when it comes: none is kept here.

    Args:
        directories: where to look; links are followed, and each directory is looked into once.

    Raises:
        UsageError: one is not there.
    """

    def __init__(self, directories: Sequence[Path]) -> None:
        for each in directories:
            if not each.is_dir():
                raise UsageError(str(each), "no such directory", NAME_DIRECTORIES)
        self._directories = directories
        self.unreadable: list[str] = []
        """Files that should be results, and why they cannot be read; known when all have come."""

    def __iter__(self) -> Iterator[tuple[Path, Result]]:
        self.unreadable.clear()
        told: set[tuple[str | None, str, datetime]] = set()
        for file in self._files():
            try:
                result = read_result(file)
            except UsageError as error:
                self.unreadable.append(f"{error.where} {error.problem}")
                continue
            if result is None:  # It was there a moment ago.
                continue
            if result.subject is not None:
                run = (result.segment, result.subject.run, result.started)
                if run in told:  # Such as what --result wrote, and the one beside the report.
                    continue
                told.add(run)
            yield file, result

    def _files(self) -> list[Path]:
        """Those beside a report first; each directory once: evidence/last is one of those beside it."""
        found: list[tuple[bool, Path]] = []
        seen: set[tuple[int, int]] = set()
        for top in self._directories:
            for where, below, names in os.walk(top, followlinks=True, onerror=self._not_opened):
                below.sort(key=lambda name: (Path(where, name).is_symlink(), name))
                try:
                    status = Path(where).stat()
                except OSError:  # An old run's directory was removed a moment ago.
                    continue
                if (status.st_dev, status.st_ino) in seen:
                    below.clear()
                    continue
                seen.add((status.st_dev, status.st_ino))
                found += [(REPORT not in names, Path(where, name)) for name in names if _is_one(where, name)]
        return [file for _, file in sorted(found)]

    def _not_opened(self, error: OSError) -> None:
        self.unreadable.append(f"{error.filename} cannot be read ({error.strerror})")


def _is_one(directory: str, name: str) -> bool:
    """Whether a file should be a result; one that is not, or is damaged, is told."""
    return name == RESULT or (Path(directory).absolute().name == RESULTS and name.endswith(".json"))
