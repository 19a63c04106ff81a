"""The captures of a run of the catalogue are kept, of bounded size, and replaced by the next run's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from edgeboot.host.wire.frame import Frame
from edgeboot.host.wire.pcap import read_pcap, write_pcap
from edgeboot.report.recorded_failure import Failure
from edgeboot.report.result import Result
from tests.faults import kept_captures
from tests.faults.fault import Fault
from tests.faults.kept_captures import KeptCapture, keep_captures
from tests.faults.kept_captures import kept_captures as kept_of

CAUGHT: Final = "test_a.py::test_a"
ENTRY: Final = Fault("one", "it", "this", (), {CAUGHT: "why"}, ("test_b.py::test_b",))
RIGHT: Final = replace(ENTRY, caught_by={}, also_failing=())
RESULT: Final = Result(datetime(2026, 3, 1, tzinfo=UTC))


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The directory of a run in which two tests have failed, each with a capture of its own."""
    failures = []
    for number, name in enumerate((CAUGHT, "test_b.py::test_b"), 1):
        evidence = tmp_path / "evidence" / "run" / str(number)
        evidence.mkdir(parents=True)
        write_pcap(evidence / "capture.pcap", [frame(0), frame(number)])
        failures.append(Failure(f"tests/e2e/{name}[x]", "call", "why", str(evidence)))
    replace(RESULT, failures=tuple(failures)).write(tmp_path / "result.json")
    return tmp_path


def frame(number: int) -> Frame:
    """One of 60 octets, in this second."""
    return Frame(bytes([number]) * 60, float(number))


def frames(kept: KeptCapture, directory: Path) -> list[Frame]:
    """What a kept capture holds."""
    plain = directory / "plain.pcap"
    plain.write_bytes(kept.octets)
    return list(read_pcap(plain))


def test_capture_of_the_test_that_caught_a_fault_is_kept(run: Path) -> None:
    """With what the test said, and when it ended; that of a test which failed as a consequence is not."""
    keep_captures(ENTRY, run, run / "result.json")
    (kept,) = kept_of(ENTRY)
    assert (kept.test, kept.message) == (f"{CAUGHT}[x]", "why")
    assert kept.until == (run / "evidence" / "run" / "1" / "capture.pcap").stat().st_mtime
    assert frames(kept, run) == [frame(0), frame(1)]


def test_captures_of_every_test_are_kept_where_nothing_is_wrong(run: Path) -> None:
    """None of them has anything to say."""
    keep_captures(RIGHT, run, run / "result.json")
    assert [(each.test, each.message) for each in kept_of(RIGHT)] == [("1", ""), ("2", "")]


def test_captures_that_do_not_fit_are_left_out(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first ones are kept, each whole."""
    monkeypatch.setattr(kept_captures, "OCTETS", 200)
    keep_captures(RIGHT, run, run / "result.json")
    (kept,) = kept_of(RIGHT)
    assert frames(kept, run) == [frame(0), frame(1)]


def test_newer_run_replaces_what_an_older_one_kept(run: Path) -> None:
    """Also one that left nothing, so that no capture is judged by another run's entry."""
    keep_captures(ENTRY, run, run / "result.json")
    keep_captures(ENTRY, run, run / "absent.json")
    assert list(kept_of(ENTRY)) == []


def test_captures_that_are_read_stay_whole_while_a_newer_run_replaces_them(run: Path) -> None:
    """The catalogue runs beside its own judge."""
    keep_captures(RIGHT, run, run / "result.json")
    reading = kept_of(RIGHT)
    first = next(reading)
    keep_captures(RIGHT, run, run / "result.json")
    assert [each.test for each in (first, *reading)] == ["1", "2"]
    assert [each.suffix for each in kept_captures.archive(RIGHT).parent.iterdir()] == [".zip"]
