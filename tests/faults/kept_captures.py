"""The captures of the last run of every entry, kept so that ``edgeboot explain`` can be held against them.

Of a fault, what the tests that caught it have kept; where no test may fail, what every test has.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edgeboot.base.paths import cache_directory
from edgeboot.report.evidence import directory_name
from edgeboot.report.recorded_failure import Failure
from edgeboot.report.result import read_result
from tests.faults.fault import Fault
from tests.faults.outcome import matching_cases, name_in_entries

KEEP_PASSED: Final = "--evidence-all"
"""The option by which a run in which no test may fail leaves captures, too."""
OCTETS: Final = 64 << 20
"""Of one entry at most, before they are compressed; captures that do not fit any more are left out."""
_CAPTURE: Final = "capture.pcap"
_INDEX: Final = "entry.json"


@dataclass(frozen=True, slots=True)
class KeptCapture:
    """One test's capture, and what the test said; one that passed says nothing."""

    test: str
    message: str
    octets: bytes
    """The capture file."""
    until: float
    """When the capture ended, in seconds since the epoch: it may be long after its last frame."""


def keep_captures(fault: Fault, directory: Path, result: Path) -> None:
    """Put an entry's captures in the place of those of an older run.

    Args:
        fault: the entry.
        directory: of the run, with its evidence.
        result: the file of the run's result; without one, older captures are removed.
    """
    kept = archive(fault)
    kept.unlink(missing_ok=True)
    files = dict(_of_all(directory) if fault.is_right else _of_those_that_caught(fault, result))
    kept.parent.mkdir(parents=True, exist_ok=True)
    part = kept.with_suffix(f".{os.getpid()}.part")
    try:
        _write(fault, files, part)
        part.replace(kept)  # Whoever reads meanwhile finds a whole one, or none.
    finally:
        part.unlink(missing_ok=True)


def _write(fault: Fault, files: Mapping[str, tuple[str, Path]], archive: Path) -> None:
    room, index = OCTETS, {}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for number, (test, (message, file)) in enumerate(files.items()):
            room -= file.stat().st_size
            if room < 0:
                break
            target.write(file, f"{number}.pcap")
            index[test] = {
                "message": message,
                "file": f"{number}.pcap",
                "until": file.stat().st_mtime,
            }
        about = {"entry": fault.name, "left_out": len(files) - len(index), "captures": index}
        target.writestr(_INDEX, json.dumps(about, indent=1))


def kept_captures(fault: Fault) -> Iterator[KeptCapture]:
    """Those of an entry's last run; none where it left none."""
    try:
        found = zipfile.ZipFile(archive(fault))
    except FileNotFoundError:  # It was never made, or is made anew just now.
        return
    with found as kept:
        captures = json.loads(kept.read(_INDEX))["captures"]
        for test, each in captures.items():
            yield KeptCapture(test, each["message"], kept.read(each["file"]), each["until"])


def archive(fault: Fault) -> Path:
    """The file of an entry's captures, in the cache."""
    return cache_directory() / "fault-captures" / fault.lab / f"{directory_name(fault.name)}.zip"


def _of_all(directory: Path) -> Iterator[tuple[str, tuple[str, Path]]]:
    for file in sorted(directory.glob(f"evidence/*/*/{_CAPTURE}")):
        yield file.parent.name, ("", file)


def _of_those_that_caught(fault: Fault, result: Path) -> Iterator[tuple[str, tuple[str, Path]]]:
    for test, failure in _caught(fault, result).items():
        file = Path(failure.evidence or "", _CAPTURE)
        if file.is_file():
            yield test, (failure.message, file)


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
