"""The journal of a running owner: everything is recorded first, and removed at the end."""

from __future__ import annotations

import fcntl
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TextIO

import pytest

from edgeboot.base.errors import LabError
from edgeboot.host.directory import Directory
from edgeboot.host.journal import OF_OTHERS, Journal
from edgeboot.labs.clean import clean
from tests.unit.samples import directory, entry


def test_leaving_the_journal_removes_everything_and_the_journal(tmp_path: Path) -> None:
    """The newest first, since it may be inside an older one."""
    with Journal("run", tmp_path) as journal:
        for path in (outer := directory(tmp_path), directory(outer, "inner")):
            journal.about_to_make(Directory(path))
    assert list(tmp_path.iterdir()) == []


@dataclass(frozen=True)
class Noted(Directory):
    """Says when it is undone."""

    undone: list[str]

    def undo(self) -> bool:
        """By its name."""
        self.undone.append(self.path.name)
        return True


@dataclass(frozen=True)
class OfOthers(Noted):
    """What others on the segment wait for."""

    kind: ClassVar[str] = "libvirt DHCP"


@pytest.mark.parametrize("first,order", [(frozenset(), ["pod", "dhcp"]), (OF_OTHERS, ["dhcp", "pod"])])
def test_what_others_wait_for_may_be_given_back_first(
    first: frozenset[str], order: list[str], tmp_path: Path
) -> None:
    """Where another run may already be on the segment: a Pod's end may take minutes."""
    undone: list[str] = []
    journal = Journal("run", tmp_path)
    journal.about_to_make(OfOthers(tmp_path / "dhcp", undone))
    journal.about_to_make(Noted(tmp_path / "pod", undone))
    journal.remove_all(first)
    assert undone == order


def test_thing_is_on_disk_before_it_is_made(tmp_path: Path) -> None:
    """The entry exists even if the owner is killed right afterwards."""
    with Journal("run", tmp_path) as journal:
        journal.about_to_make(Directory(tmp_path / "next"))
        assert journal.path.read_text(encoding="utf-8") == entry("make", tmp_path / "next")


def test_name_of_a_live_owner_is_refused(tmp_path: Path) -> None:
    """The error is one line, and the running owner's journal is unchanged."""
    with Journal("run", tmp_path) as journal:
        with pytest.raises(LabError, match=r"journal .*run\.jsonl: its run is alive; wait for its end"):
            Journal("run", tmp_path)
        assert list(tmp_path.iterdir()) == [journal.path]


@pytest.mark.parametrize("half", ["", '{"v": 1, "ev'], ids=["whole", "half-written"])
def test_name_that_a_killed_owner_left_is_refused_until_it_is_cleaned(half: str, tmp_path: Path) -> None:
    """The killed owner's entries are kept, and not mixed with those of a new owner."""
    old = directory(tmp_path)
    (tmp_path / "run.jsonl").write_text(entry("make", old) + half, encoding="utf-8")
    with pytest.raises(LabError, match=r"run\.jsonl: was left by a killed run; run edgeboot clean"):
        Journal("run", tmp_path)
    assert clean(tmp_path) == [Directory(old)]
    with Journal("run", tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_journal_is_locked_before_it_can_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cleanup just before the lock is taken does not remove the new journal."""
    lock = fcntl.flock

    def after_a_clean(file: TextIO, how: int) -> None:
        monkeypatch.setattr(fcntl, "flock", lock)
        clean(tmp_path)
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", after_a_clean)
    with Journal("run", tmp_path) as journal:
        assert journal.path.exists()


def test_journal_is_free_for_a_cleanup_where_something_cannot_be_undone(tmp_path: Path) -> None:
    """The error leaves the block, and the file is closed, so that its lock is gone."""
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(LabError, match="cannot be removed"), Journal("run", tmp_path / "journals") as journal:
        journal.about_to_make(Directory(file))
    file.unlink()
    assert clean(tmp_path / "journals") == []
    assert not journal.path.exists()


def test_what_cannot_be_undone_keeps_nothing_else_from_being_undone(tmp_path: Path) -> None:
    """Such as a machine whose BMC does not answer: the site's other changes are put back all the same."""
    file = tmp_path / "file"
    file.touch()
    older = directory(tmp_path)
    journal = Journal("run", tmp_path / "journals")
    for path in (older, file):
        journal.about_to_make(Directory(path))
    with pytest.raises(LabError, match="cannot be removed"):
        journal.remove_all()
    assert (older.exists(), journal.path.exists()) == (False, True)
