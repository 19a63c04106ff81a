"""``make verdicts``: what the suite says of servers that are broken by one line, and how soon.

Each is a whole run as a user starts it. The table in docs/verdict.md has the number of headlines,
the lines that were printed, and the seconds from the lab's being up to the first right word.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edgeboot.base.paths import PROJECT
from edgeboot.report.result import Result, read_result
from edgeboot.report.verdict.verdict import verdict
from tests.harness.suite import own_environment
from tests.verdicts.one_line_faults import FAULTS, OneLineFault

PAGE: Final = PROJECT / "docs" / "verdict.md"
_BEGIN: Final = "<!-- made by make verdicts -->"


@dataclass(frozen=True, slots=True)
class Told:
    """What one run has said."""

    fault: OneLineFault
    result: Result
    lines: tuple[tuple[float, str], ...]
    """What was printed, each with the seconds since the start."""
    lasted: float

    @property
    def headlines(self) -> int:
        """How many causes its verdict has."""
        return len(verdict(self.result).causes)

    @property
    def missing(self) -> list[str]:
        """The patterns that no cause of the verdict matches."""
        causes = [f"{each.title} {each.finding} {each.message}" for each in verdict(self.result).causes]
        return [word for word in self.fault.words if not any(re.search(word, each) for each in causes)]

    @property
    def first_word(self) -> float | None:
        """Seconds from the lab's being up to the first line with a right word; None for none.

        The triage's line is printed as soon as it is over, and its result knows how long it took.
        """
        said = next((at for at, line in self.lines if self._is_right(line)), None)
        triage = self.result.triage
        over = next((at for at, line in self.lines if triage and str(triage)[:60] in line), None)
        if said is None or over is None or triage is None or triage.seconds is None:
            return said
        return said - (over - triage.seconds)

    def _is_right(self, line: str) -> bool:
        return "edgeboot: server" not in line and any(re.search(word, line) for word in self.fault.words)

    @property
    def row(self) -> str:
        """Of the table."""
        first = "never" if self.first_word is None else f"{self.first_word:.1f}"
        printed, red = len(self.lines), self.result.counts.failed + self.result.counts.errors
        counts = f"{red} | {self.result.counts.not_run}"
        return (
            f"| {self.fault.name} | {self.headlines} | {printed} | {first} | {counts} | {self.lasted:.0f} |"
        )


def run(fault: OneLineFault, directory: Path) -> Told:
    """The whole suite against the fault; what it printed, with times."""
    file = directory / "result.json"
    command = [sys.executable, "-m", "pytest", "-m", "e2e", "--lab=netns", "--profile=poc-fixed"]
    command += [f"--result={file}", f"--evidence={directory / 'evidence'}"]
    environment = own_environment() | {"TMPDIR": str(directory)}
    for cause in fault.causes:
        setup = cause.prepare("poc-fixed", directory)
        command += setup.arguments
        environment |= setup.environment
    began = time.monotonic()
    with subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        lines = tuple((time.monotonic() - began, line.rstrip("\n")) for line in process.stdout)
    result = read_result(file)
    assert result is not None
    return Told(fault, result, lines, time.monotonic() - began)


def table(told: list[Told]) -> Iterator[str]:
    """The page's table."""
    yield "| fault | headlines | lines printed | seconds to the first right word | red | not run | run, s |"
    yield "|---|---|---|---|---|---|---|"
    yield from (each.row for each in told)


def main(names: list[str]) -> int:
    """Run all of them, or those named; without names the page's table is written anew."""
    told: list[Told] = []
    missing = False
    for fault in FAULTS:
        if names and fault.name not in names:
            continue
        with tempfile.TemporaryDirectory(prefix="edgeboot-verdict-") as directory:
            told.append(run(fault, Path(directory)))
        print(told[-1].row, flush=True)
        for word in told[-1].missing:
            print(f"  no cause says {word!r}", flush=True)
            missing = True
    if not names:
        head, _, _ = PAGE.read_text(encoding="utf-8").partition(_BEGIN)
        PAGE.write_text("\n".join([head.rstrip("\n"), "", _BEGIN, "", *table(told), ""]), encoding="utf-8")
    return int(missing)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
