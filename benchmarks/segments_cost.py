"""What merging the results of many segments costs, beside reading the same files as JSON alone.

usage: python -m benchmarks.segments_cost [RESULT.json ...]

A thousand result files of 250 segments and four nights are made of real ones: of those that are named, else
of three runs of the suite against a good server and two broken ones. One in a hundred is of a killed run, and
one is damaged. Time is that of the processor, so that a busy machine changes it little. It ends with 1 where
the merged page takes more time or memory than ``SECONDS`` and ``MIB`` allow.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Final

from edgeboot.base.paths import PROJECT
from edgeboot.report.meaning import Meaning
from edgeboot.report.result import Result, now, read_result
from tests.faults.causes import config_change

SECONDS: Final = 10.0
MIB: Final = 300.0
_SEGMENTS: Final = 250
_NIGHTS: Final = 4
_KILLED: Final = 100
"""One of so many."""
_PLAIN: Final = """
import json, pathlib, sys
for file in pathlib.Path(sys.argv[1]).rglob("result.json"):
    try:
        json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        pass
"""
_MERGED: Final = """
import sys
from edgeboot.cli.main import main
if main(["report", "--history", *sys.argv[1:]]):
    sys.exit("no page was made")
"""
_PEAK: Final = """
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM:")))
"""
"""Of its own memory: what wait4(2) tells has the parent's of the time of the fork in it."""
_CHANGES: Final = ((",12h", ",12h"), (",12h", ",11h"), ("no-ping", "no-ping\ndhcp-ignore=tag:!known"))
"""A good server, one with another lease, and one that answers no new node."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took."""

    seconds: float
    """Of the processor."""
    elapsed: float
    mib: float
    """The most memory it had at once."""


def real_results(directory: Path) -> list[Result]:
    """Of three runs of the suite."""
    results = []
    for number, (old, new) in enumerate(_CHANGES):
        place = directory / f"run{number}"
        place.mkdir(parents=True)
        setup = config_change(old, new).prepare("poc-fixed", place)
        file = place / "result.json"
        command = [sys.executable, "-m", "edgeboot.cli.main", "verify", "-q", "--lab=netns"]
        command += ["--profile=poc-fixed", f"--evidence={place}", f"--result={file}", *setup.arguments]
        subprocess.run(command, cwd=PROJECT, stdout=subprocess.DEVNULL, check=False)
        results.append(_read(file))
    return results


def make_files(results: Sequence[Result], directory: Path) -> int:
    """Those of every segment and night; returns their octets."""
    whole = cycle(results)
    last = now()
    for segment in range(_SEGMENTS):
        result = next(whole)
        for night in range(_NIGHTS):
            place = directory / f"rack-{segment}" / f"night-{night}"
            began = last - timedelta(days=_NIGHTS - night)
            subject = result.subject and replace(result.subject, run=f"{segment:x}-{night}")
            named = replace(result, segment=f"rack-{segment}", subject=subject, started=began)
            if (segment * _NIGHTS + night) % _KILLED:
                named = replace(named, ended=began + timedelta(minutes=4))
            else:
                named = replace(named, ended=None, status=None, meaning=Meaning.UNFINISHED)
            named.write(place / "result.json")
    (directory / "rack-0" / "night-0" / "result.json").write_text('{"schema": 3', encoding="utf-8")
    return sum(file.stat().st_size for file in directory.rglob("result.json"))


def cost(program: str, *arguments: str) -> Cost:
    """Of a program that must succeed."""
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-c", program + _PEAK, *arguments]
    done = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=True)
    elapsed, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(seconds, elapsed, int(done.stdout.split()[-1]) / 1024)


def main(files: Sequence[str]) -> int:
    """Print both, and their ratio; 1 where the limits are not kept."""
    with tempfile.TemporaryDirectory() as name:
        given = [_read(Path(file)) for file in files]
        directory = Path(name) / "results"
        octets = make_files(given or real_results(Path(name) / "real"), directory)
        plain = cost(_PLAIN, str(directory))
        outputs = (f"--metrics={name}/edgeboot.prom", f"--output={name}/history.html")
        merged = cost(_MERGED, str(directory), *outputs)
        page = Path(name, "history.html").stat().st_size
    count = _SEGMENTS * _NIGHTS
    print(
        f"{count} results of {_SEGMENTS} segments, {octets / 2**20:.0f} MiB; a page of {page / 2**20:.1f} MiB"
    )
    for what, each in (("plain json.loads", plain), ("edgeboot report --history", merged)):
        print(f"{what}: {each.seconds:.1f} s of the processor, {each.elapsed:.1f} s, {each.mib:.0f} MiB")
    print(f"ratio: {merged.seconds / plain.seconds:.1f} in time, {merged.mib / plain.mib:.1f} in memory")
    return int(merged.seconds > SECONDS or merged.mib > MIB)


def _read(file: Path) -> Result:
    result = read_result(file)
    if result is None:
        raise SystemExit(f"{file}: no such file")
    return result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
