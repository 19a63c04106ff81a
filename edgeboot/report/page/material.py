"""What a page is made from: the result and the files of a run's evidence directory."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.host.wire.pcap import read_pcap
from edgeboot.report.findings import Finding
from edgeboot.report.ladder.chart import Ladder
from edgeboot.report.ladder.drawn import AROUND, ladder
from edgeboot.report.ladder.logged import read_log
from edgeboot.report.page.excerpt import Excerpt, from_json
from edgeboot.report.place import LAB
from edgeboot.report.result import Result, read_result
from edgeboot.spec.manifests.cause import Cause

RESULT: Final = "result.json"
EXCERPTS: Final = "excerpts.json"
_LONGEST: Final = 200_000
"""Characters of a text file that a page shows."""
_TITLES: Final = {
    "host-before.txt": "The server's host before the tests",
    "host-after.txt": "The server's host after them",
    "segment-before.txt": "The segment's bridge before the tests",
    "segment-after.txt": "The segment's bridge after them",
    "server.log": "The server's log",
    "pod.json": "The Pod",
    "events.txt": "Its events",
    "node.txt": "Its node",
    "previous-container.log": "The log of its previous container",
}
"""Of the files that a lab leaves, in the order of the page; others stand behind them."""


@dataclass(frozen=True, slots=True)
class LabFile:
    """A text that the lab left of its own place."""

    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Material:
    """One run's evidence."""

    directory: Path
    result: Result
    excerpts: tuple[Excerpt, ...] = ()

    @classmethod
    def read(cls, directory: Path) -> Material:
        """The evidence in a run's directory, or in the newest one below it.

        Raises:
            UsageError: there is none, or it cannot be read.
        """
        if not directory.is_dir():
            raise UsageError(str(directory), "no such directory", "name that of a run, such as evidence/last")
        own = next((each for each in (directory, directory / "last") if (each / RESULT).is_file()), None)
        if own is None:
            problem, hint = f"has no {RESULT}", "name the directory of a run, such as evidence/last"
            raise UsageError(str(directory), problem, hint)
        result = read_result(own / RESULT)
        assert result is not None  # noqa: S101 - it is a file
        return cls(own, result, _excerpts(own / EXCERPTS))

    def evidence_of(self, kept: str | None) -> Path | None:
        """A test's directory, by the path that its failure names, wherever the run's directory is now."""
        if kept is None:
            return None
        directory = self.directory / Path(kept).name
        return directory if directory.is_dir() else None

    def chart(self, directory: Path, findings: tuple[Finding, ...]) -> Ladder | None:
        """The ladder chart of a test; None where its capture is missing or has no frame to show."""
        capture, log = directory / "capture.pcap", directory / "server.log"
        try:
            frames = list(read_pcap(capture))
            text = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
        except (OSError, UsageError):
            return None
        times = [frame.at for frame in frames]
        first, last = min(times, default=0.0) - AROUND, max(times, default=0.0) + AROUND
        lines = read_log(text, max(0.0, first), last)
        chart = ladder(frames, lines, self.result.seen.machines, findings)
        return chart if chart.arrows else None

    def picture(self, path: str) -> str:
        """A picture as a data URL, so that the page is one file; empty where its test has not left it."""
        try:
            content = (self.directory / path).read_bytes()
        except OSError:
            return ""
        return f"data:image/png;base64,{base64.b64encode(content).decode()}"

    def excerpt(self, cause: Cause | None) -> Excerpt | None:
        """The lines around a cause."""
        if cause is None:
            return None
        return next(
            (each for each in self.excerpts if (each.file, each.line) == (cause.file, cause.line)), None
        )

    @property
    def lab_files(self) -> Iterator[LabFile]:
        """What the lab left of its own place; of a long text, such as a log, its beginning."""
        order = list(_TITLES)
        paths = (path for path in (self.directory / LAB).glob("*") if path.is_file())
        for path in sorted(
            paths, key=lambda each: (order.index(each.name) if each.name in order else len(order), each.name)
        ):
            text = path.read_text(encoding="utf-8", errors="replace")
            if len(text) > _LONGEST:
                text = f"{text[:_LONGEST]}\n({len(text) - _LONGEST} more characters are in {path.name})"
            yield LabFile(path.name, _TITLES.get(path.name, path.name), text)


def _excerpts(file: Path) -> tuple[Excerpt, ...]:
    """Those that the run has kept; raises UsageError where they are damaged."""
    if not file.is_file():
        return ()
    try:
        return from_json(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            str(file), f"cannot be read ({error})", "remove it: lines of files go with it"
        ) from None
