"""The evidence of a failed test, and the number of runs whose evidence is kept."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pytest
from scapy.utils import RawPcapReader

from edgeboot.host.wire.frame import Frame
from edgeboot.report.evidence import Mark, Recorder, keep, log_beside, prune
from edgeboot.server.log import LogLine
from tests.unit.samples import OFFER, SENT_AT, exchange, message, reply

START: Final = Mark(exchanges=0, at=0.0, log_line=0)
LATER: Final = Mark(exchanges=1, at=SENT_AT, log_line=0)


def recorded(*frames: Frame) -> Recorder:
    """A recorder that captured these frames."""
    recorder = Recorder()
    recorder.capture(frames)
    return recorder


def kept(root: Path, test: str = "test_it", frames: tuple[Frame, ...] = (), run: str = "run") -> Path:
    """The directory in which one test's evidence is."""
    return keep(root, run, test, frames, [LogLine(0, "started"), LogLine(1, "ready", 1.5)], "report")


def test_frames_that_were_too_many_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest are kept; what of a test is dropped is told."""
    monkeypatch.setattr("edgeboot.report.evidence._FRAMES_KEPT", 2)
    recorder = recorded(*(Frame(b"frame", float(at)) for at in range(1, 6)))
    assert [frame.at for frame in recorder.frames(START, ())] == [4.0, 5.0]
    assert recorder.dropped(Mark(0, at=1.0, log_line=0)) == 2


def test_exchanges_since_a_mark_are_the_younger_ones() -> None:
    """Exchanges of earlier tests are not this test's evidence."""
    recorder = Recorder()
    first, second = exchange(), exchange()
    recorder.note(first)
    recorder.note(second)
    assert recorder.since(START) == (first, second)
    assert recorder.since(LATER) == (second,)


def test_older_exchange_is_evidence_where_its_reply_is_looked_at() -> None:
    """A reply that a session's fixture keeps came long before the test."""
    recorder = Recorder()
    answer, same_words = reply(message(OFFER)), reply(message(OFFER))
    old = exchange(answer)
    recorder.note(old)
    assert recorder.since(LATER, [answer]) == (old,)
    assert recorder.since(LATER, [same_words]) == ()


@pytest.mark.parametrize(
    "about,since,numbers",
    [
        ((), 90.0, range(88, 100)),
        ((95,), 90.0, range(88, 100)),
        ((50, 49, 50), 90.0, [49, 50, *range(88, 100)]),
        ((50,), 200.0, [50]),
        ((50,), 0.0, range(100)),
    ],
    ids=["no message", "own message", "older message", "nothing since", "first test"],
)
def test_log_is_kept_since_the_test_and_about_its_older_messages(
    about: tuple[int, ...], since: float, numbers: Iterable[int]
) -> None:
    """Not what the server logged about other tests in between."""
    lines = [LogLine(number, "a line", float(number)) for number in range(100)]
    kept = log_beside(lines, (lines[number] for number in about), since)
    assert [line.number for line in kept] == list(numbers)


def test_frames_after_a_mark_are_joined_by_those_of_the_exchanges() -> None:
    """Each frame once, also where the capture has it already."""
    early, late = Frame(b"early", LATER.at), Frame(b"late", LATER.at + 1)
    old = exchange(reply(message(OFFER)))
    frames = recorded(early, late).frames(LATER, [old])
    assert frames == [late, old.sent, old.replies[0].frame]
    assert recorded(late, frames[1]).frames(START, [old]) == [late, *frames[1:]]
    assert recorded().frames(LATER, [old, old]) == frames[1:]


def test_latest_frame_is_the_last_captured() -> None:
    """Zero before the first, so that a mark before everything is possible."""
    assert recorded().latest == 0.0
    assert recorded(Frame(b"a", 1.0), Frame(b"b", 2.0)).latest == 2.0


def test_evidence_is_a_directory_with_three_files(tmp_path: Path) -> None:
    """Capture, log and report of the test, under its run."""
    directory = kept(tmp_path)
    assert directory == tmp_path / "run" / "test_it"
    assert sorted(path.name for path in directory.iterdir()) == ["capture.pcap", "report.txt", "server.log"]
    assert (directory / "server.log").read_text(encoding="utf-8") == (
        "1970-01-01T00:00:00.000Z started\n1970-01-01T00:00:01.500Z ready\n"
    )
    assert (directory / "report.txt").read_text(encoding="utf-8") == "report\n"


def test_capture_is_read_by_others_in_the_order_of_time(tmp_path: Path) -> None:
    """Ethernet frames with microseconds, whatever order they were noted in."""
    directory = kept(tmp_path, frames=(Frame(b"late" * 4, 3.0), Frame(b"early" * 4, 1.5)))
    with RawPcapReader(str(directory / "capture.pcap")) as reader:
        read = [(octets, meta.sec, meta.usec) for octets, meta in reader]
        assert reader.linktype == 1
    assert read == [(b"early" * 4, 1, 500_000), (b"late" * 4, 3, 0)]


@pytest.mark.parametrize(
    "test,name",
    [
        ("tests/e2e/test_a.py::test_b[c d]", "tests-e2e-test_a.py-test_b-c-d-a10449"),
        ("tests/e2e/test_a.py::test_b[c-d]", "tests-e2e-test_a.py-test_b-c-d"),
        ("../../etc", "..-..-etc"),
        ("test_größe[a=1]", "test_größe-a=1"),
    ],
)
def test_name_of_a_test_becomes_the_name_of_a_directory(test: str, name: str, tmp_path: Path) -> None:
    """Readable, and below the run whatever the parameters are."""
    assert kept(tmp_path, test).relative_to(tmp_path / "run") == Path(name)


def test_last_names_the_newest_run(tmp_path: Path) -> None:
    """A link that moves on, so that it works on another machine too."""
    kept(tmp_path, run="one")
    kept(tmp_path, run="two")
    kept(tmp_path, "test_other", run="two")
    assert (tmp_path / "last").readlink() == Path("two")


def test_newest_runs_survive_the_pruning(tmp_path: Path) -> None:
    """The oldest go; files and the link to the last run are not counted."""
    for age, run in enumerate(["new", "middle", "old"]):
        os.utime(kept(tmp_path, run=run).parent, (SENT_AT - age, SENT_AT - age))
    (tmp_path / "notes.txt").touch()
    prune(tmp_path, runs=2)
    assert {path.name for path in tmp_path.iterdir()} == {"new", "middle", "notes.txt", "last"}


def test_evidence_is_bounded_by_its_size(tmp_path: Path) -> None:
    """The oldest go, and are told; the newest stays, however large it is."""
    for age, run in enumerate(["new", "old"]):
        os.utime(kept(tmp_path, run=run).parent, (SENT_AT - age, SENT_AT - age))
    assert prune(tmp_path, octets=1) == [tmp_path / "old"]
    assert (tmp_path / "new").is_dir()


def test_run_that_another_one_removes_meanwhile_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs that begin at the same time prune the same directory."""
    for run in ("one", "two"):
        kept(tmp_path, run=run)
    stat = Path.stat

    def removed(path: Path, **options: Any) -> os.stat_result:
        if path.name == "one":
            raise FileNotFoundError(errno.ENOENT, "removed meanwhile")
        return stat(path, **options)

    monkeypatch.setattr(Path, "stat", removed)
    assert prune(tmp_path, runs=1) == [tmp_path / "one"]


def test_directory_that_is_not_ours_is_not_pruned(tmp_path: Path) -> None:
    """The evidence may be kept where a user keeps other things."""
    (tmp_path / "photographs").mkdir()
    kept(tmp_path, run="one")
    prune(tmp_path, runs=0)
    assert {path.name for path in tmp_path.iterdir()} == {"photographs", "last"}


def test_last_is_never_gone_while_it_moves_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers replace the link at the same time, while it is being read."""
    kept(tmp_path, run="one")
    link = Path.symlink_to

    def watched(path: Path, target: str) -> None:
        assert (tmp_path / "last").readlink() == Path("one")
        link(path, target)

    monkeypatch.setattr(Path, "symlink_to", watched)
    kept(tmp_path, run="two")
    assert (tmp_path / "last").readlink() == Path("two")


@pytest.mark.parametrize("name", ["x" * 300, "test_it[" + "ß" * 200 + "]"], ids=["long", "many octets"])
def test_long_name_is_cut_and_told_apart(name: str, tmp_path: Path) -> None:
    """A file system takes 255 octets."""
    one, other = kept(tmp_path, name), kept(tmp_path, name.replace("]", "") + "y")
    assert one != other
    assert len(one.name.encode()) <= 255


def test_tests_that_differ_in_a_blank_have_their_own_directories(tmp_path: Path) -> None:
    """A name that had to be changed carries a hash of what it was."""
    assert kept(tmp_path, "test_it[a b]") != kept(tmp_path, "test_it[a-b]")


def test_there_is_nothing_to_prune_before_the_first_run(tmp_path: Path) -> None:
    """A directory that does not exist is not made either."""
    prune(tmp_path / "evidence")
    assert not (tmp_path / "evidence").exists()
