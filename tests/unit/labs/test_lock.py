"""One run at a time on an interface; who comes second is told who is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from edgeboot.base.errors import LabError
from edgeboot.labs.orchestrator.lock import LockFile, SegmentLock


def test_second_run_is_told_who_is_at_work(tmp_path: Path) -> None:
    """Run, user, process and since when; on another interface it may begin."""
    first = SegmentLock("virbr1", tmp_path)
    first.take("ab12cd-main")
    with pytest.raises(LabError, match=rf"run ab12cd-main of \S+ \(process {os.getpid()}, since 20"):
        SegmentLock("virbr1", tmp_path).take("other")
    elsewhere = SegmentLock("eth1", tmp_path)
    elsewhere.take("other")
    for lock in (first, elsewhere):
        lock.give_back()


def test_lock_is_free_again_and_leaves_nothing(tmp_path: Path) -> None:
    """Given back twice is given back."""
    lock = SegmentLock("virbr1", tmp_path)
    lock.take("first")
    lock.give_back()
    lock.give_back()
    assert list(tmp_path.iterdir()) == []
    second = SegmentLock("virbr1", tmp_path)
    second.take("second")
    second.give_back()


def test_lock_of_a_dead_run_is_free(tmp_path: Path) -> None:
    """The kernel gives it back with the process; the words of the dead are no obstacle."""
    (tmp_path / "edgeboot-virbr1.lock").write_text('{"run": "dead"}')
    lock = SegmentLock("virbr1", tmp_path)
    lock.take("next")
    assert '"run": "next"' in lock.path.read_text()
    lock.give_back()


def test_lock_file_of_a_dead_run_is_removed_and_a_living_one_s_is_not(tmp_path: Path) -> None:
    """What clean does with the journal's entry."""
    lock = SegmentLock("virbr1", tmp_path)
    entry = LockFile(lock.path)
    assert not entry.undo()
    lock.take("living")
    assert not entry.undo()
    lock.give_back()
    lock.path.write_text("dead")
    assert entry.undo()
    assert list(tmp_path.iterdir()) == []


def test_lock_that_cannot_be_had_is_told(tmp_path: Path) -> None:
    """One line, with the file."""
    (tmp_path / "edgeboot-virbr1.lock").mkdir()
    with pytest.raises(LabError, match=r"edgeboot-virbr1\.lock: cannot be had"):
        SegmentLock("virbr1", tmp_path).take("any")
