"""The captures of the last run of every entry, kept so that ``edgeboot explain`` can be held against them.

Of a fault, what the tests that caught it have kept; of an entry in which no test may fail, the whole run's.
"""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edgeboot.base.paths import cache_directory
from edgeboot.host.wire.frame import Frame
from edgeboot.host.wire.pcap import read_pcap, write_pcap
from edgeboot.report.evidence import directory_name
from edgeboot.report.recorded_failure import Failure
from edgeboot.report.result import read_result
from tests.faults.fault import Fault
from tests.faults.outcome import matching_cases, name_in_entries

KEEP_PASSED: Final = "--evidence-all"
"""The option by which a run in which no test may fail leaves captures, too."""
OCTETS: Final = 64 << 20
"""Of one entry at most, before they are compressed; later frames are left out."""
_CAPTURE: Final = "capture.pcap"
_WHOLE: Final = "whole run"
_INDEX: Final = "entry.json"


@dataclass(frozen=True, slots=True)
class KeptCapture:
    """One capture of an entry, and what its test said; the whole run's says nothing."""

    entry: str
    test: str
    message: str
    file: Path
    """Compressed by gzip."""
    cut: bool
    """Whether frames are missing for the sake of its size."""


def keep_captures(fault: Fault, directory: Path, result: Path) -> None:
    """Put an entry's captures in the place of those of an older run.

    Args:
        fault: the entry.
        directory: of the run, with its evidence.
        result: the file of the run's result; without one, older captures are removed.
    """
    kept = entry_directory(fault)
    shutil.rmtree(kept, ignore_errors=True)
    if fault.is_right:
        said = {_WHOLE: ("", _frames(sorted(directory.glob(f"evidence/*/*/{_CAPTURE}"))))}
    else:
        said = {test: (each.message, _of(each)) for test, each in _caught(fault, result).items()}
    index, room = {}, OCTETS
    for test, (message, frames) in said.items():
        within = list(_within(frames, room))
        room -= sum(len(each.octets) for each in within)
        if within:
            kept.mkdir(parents=True, exist_ok=True)
            file = f"{directory_name(test)}.pcap.gz"
            _write(kept / file, within, directory)
            index[test] = {"message": message, "file": file, "cut": len(within) < len(frames)}
    if index:
        text = json.dumps({"entry": fault.name, "captures": index}, indent=1)
        (kept / _INDEX).write_text(text, encoding="utf-8")


def kept_captures(fault: Fault) -> Iterator[KeptCapture]:
    """Those of an entry's last run; none where it left none."""
    directory = entry_directory(fault)
    if not (directory / _INDEX).exists():
        return
    data = json.loads((directory / _INDEX).read_text(encoding="utf-8"))
    for test, each in data["captures"].items():
        yield KeptCapture(fault.name, test, each["message"], directory / each["file"], each["cut"])


def entry_directory(fault: Fault) -> Path:
    """Where they are, in the cache."""
    return cache_directory() / "fault-captures" / fault.lab / directory_name(fault.name)


def _caught(fault: Fault, result: Path) -> Mapping[str, Failure]:
    """The failures that caught the fault, by the test's name as entries write it."""
    read = read_result(result)
    failures = {
        name_in_entries(each.test): each
        for each in (read.failures if read is not None else ())
        if each.evidence is not None
    }
    cases = (case for test in fault.caught_by for case in matching_cases(test, failures))
    # A test that was not run because of another has left nothing: that other's failure shows the fault.
    return {case: failures[case] for case in cases} or failures


def _of(failure: Failure) -> list[Frame]:
    return _frames([Path(failure.evidence or "") / _CAPTURE])


def _frames(files: Iterable[Path]) -> list[Frame]:
    """The frames of several captures in the order of their time, each once."""
    found = {(each.at, each.octets): each for file in files if file.exists() for each in read_pcap(file)}
    return sorted(found.values(), key=lambda each: each.at)


def _within(frames: Iterable[Frame], room: int) -> Iterator[Frame]:
    for each in frames:
        room -= len(each.octets)
        if room < 0:
            return
        yield each


def _write(file: Path, frames: Iterable[Frame], directory: Path) -> None:
    plain = directory / _CAPTURE
    write_pcap(plain, frames)
    with plain.open("rb") as source, gzip.open(file, "wb") as target:
        shutil.copyfileobj(source, target)
    plain.unlink()
