"""The journal: what a dead owner left is removed, what a live one has is left alone."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

import pytest
from pyroute2 import netns

from edgeboot.base.errors import LabError
from edgeboot.base.paths import PROJECT
from edgeboot.labs.clean import Kind, Made
from edgeboot.machine.journal import Journal, clean
from edgeboot.machine.namespace import NAMED_NAMESPACES
from tests.unit.samples import entry

OWNER: Final = """
import subprocess, sys
from pathlib import Path
from edgeboot.machine.journal import Journal
from edgeboot.machine.namespace import create_namespace
from edgeboot.labs.clean import Kind, Made
name, directory = sys.argv[1:]
journal = Journal("owner", Path(directory))
journal.about_to_make(Made(Kind.NAMESPACE, name))
create_namespace(name)
subprocess.run(["nsenter", f"--net=/run/netns/{name}", "sh", "-c", "echo $$; exec sleep 1000"])
"""
"""Makes a namespace with a process in it that tells its id, and waits for that to end."""


@dataclass(frozen=True)
class Owner:
    """A process with a journal, its namespace, and the process it started in there."""

    process: subprocess.Popen[str]
    namespace: str
    sleeper: int
    ended: int
    """The sleeper's pidfd: readable when it has ended."""

    @property
    def sleeper_ended(self) -> bool:
        """Whether the process in the namespace ends within five seconds."""
        return bool(select.select([self.ended], [], [], 5)[0])


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[Owner]:
    """A live owner; what a test leaves of it is removed, and not by what is tested."""
    name = f"edgeboot-unit-{os.getpid()}-owned"
    command = [sys.executable, "-c", OWNER, name, str(tmp_path)]
    with subprocess.Popen(command, text=True, cwd=PROJECT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        yield Owner(process, name, pid, ended := os.pidfd_open(pid))
        process.kill()
    with suppress(ProcessLookupError):
        signal.pidfd_send_signal(ended, signal.SIGKILL)
    os.close(ended)
    if name in netns.listnetns():
        netns.remove(name)


def directory(parent: Path, name: str = "left") -> Path:
    """A directory with a file in it."""
    made = parent / name
    made.mkdir()
    (made / "file").touch()
    return made


def test_namespace_of_a_killed_owner_goes_with_the_process_in_it(owner: Owner, tmp_path: Path) -> None:
    """SIGKILL leaves no time to tidy up; the next run does it."""
    named = NAMED_NAMESPACES / owner.namespace
    assert named.stat().st_ino == Path(f"/proc/{owner.sleeper}/ns/net").stat().st_ino
    owner.process.send_signal(signal.SIGKILL)
    owner.process.wait()
    assert clean(tmp_path) == [Made(Kind.NAMESPACE, owner.namespace)]
    assert not named.exists()
    assert owner.sleeper_ended
    assert list(tmp_path.glob("*.jsonl")) == []


def test_namespace_of_a_live_owner_is_left_alone(owner: Owner, tmp_path: Path) -> None:
    """Two runs on one machine do not know of each other."""
    assert clean(tmp_path) == []
    assert (NAMED_NAMESPACES / owner.namespace).exists()
    assert not select.select([owner.ended], [], [], 0)[0]
    assert (tmp_path / "owner.jsonl").exists()


def test_leaving_the_journal_removes_everything_and_the_journal(tmp_path: Path) -> None:
    """The youngest first, since it may be inside an older one."""
    with Journal("run", tmp_path) as journal:
        for path in (outer := directory(tmp_path), directory(outer, "inner")):
            journal.about_to_make(Made(Kind.DIRECTORY, str(path)))
    assert list(tmp_path.iterdir()) == []


def test_thing_is_on_disk_before_it_is_made(tmp_path: Path) -> None:
    """An owner that is killed right afterwards has it written down."""
    with Journal("run", tmp_path) as journal:
        journal.about_to_make(Made(Kind.DIRECTORY, str(tmp_path / "next")))
        assert journal.path.read_text(encoding="utf-8") == entry("make", tmp_path / "next")


@pytest.mark.parametrize("what", ["removed", "kept"])
def test_thing_removed_or_kept_by_its_owner_is_left_alone(what: str, tmp_path: Path) -> None:
    """It is somebody else's now, or of the same name by chance."""
    path = directory(tmp_path)
    (tmp_path / "run.jsonl").write_text(entry("make", path) + entry(what, path), encoding="utf-8")
    assert clean(tmp_path) == []
    assert path.exists()


@pytest.mark.parametrize(
    "half",
    [
        *(b'{"what": "ma', b"{", b'{"what": "make", "kind": "DIRECTORY"}', b"\0\0\0"),
        *(b"12", b"[]", b'{"kind": "DIRECTORY", "name": "/x"}', b'{"kind": []}', b"\xff\xfe"),
    ],
)
def test_half_written_last_line_is_tolerated(half: bytes, tmp_path: Path) -> None:
    """Its owner died while writing it, so what it tells of was never made."""
    path = directory(tmp_path)
    (tmp_path / "run.jsonl").write_bytes(entry("make", path).encode() + half)
    assert clean(tmp_path) == [Made(Kind.DIRECTORY, str(path))]
    assert not path.exists()


def test_thing_that_was_never_made_is_not_reported(tmp_path: Path) -> None:
    """It was written down, and then its owner died."""
    (tmp_path / "run.jsonl").write_text(entry("make", tmp_path / "never"), encoding="utf-8")
    assert clean(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_thing_that_cannot_be_removed_keeps_its_journal(tmp_path: Path) -> None:
    """The error names it, and a later try finds it again."""
    (tmp_path / "file").touch()
    (tmp_path / "run.jsonl").write_text(entry("make", tmp_path / "file"), encoding="utf-8")
    with pytest.raises(LabError, match=r"directory .*file: cannot be removed .*; remove it as root"):
        clean(tmp_path)
    assert (tmp_path / "run.jsonl").exists()


def test_there_is_nothing_to_clean_before_the_first_run(tmp_path: Path) -> None:
    """A directory that is not there is no error."""
    assert clean(tmp_path / "journal") == []


@pytest.mark.parametrize("half", ["", '{"what": "ma'], ids=["whole", "half-written"])
def test_name_used_again_removes_what_its_dead_owner_left(half: str, tmp_path: Path) -> None:
    """Nothing of it is forgotten, and nothing of the new owner's is lost."""
    old, new = directory(tmp_path), directory(tmp_path, "new")
    (tmp_path / "run.jsonl").write_text(entry("make", old) + half, encoding="utf-8")
    with Journal("run", tmp_path) as journal:
        assert not old.exists()
        journal.about_to_make(Made(Kind.DIRECTORY, str(new)))
        assert journal.path.read_text(encoding="utf-8") == entry("make", new)
    assert list(tmp_path.iterdir()) == []


def test_name_of_a_live_owner_is_refused(tmp_path: Path) -> None:
    """In a line, and the owner's own journal stays as it is."""
    with Journal("run", tmp_path) as journal:
        with pytest.raises(LabError, match=r"journal .*run\.jsonl: its run is alive; wait for its end"):
            Journal("run", tmp_path)
        assert list(tmp_path.iterdir()) == [journal.path]


def test_journal_is_locked_before_it_can_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clean at the worst moment, just before the lock, takes nothing away."""
    lock = fcntl.flock

    def after_a_clean(file: TextIO, how: int) -> None:
        monkeypatch.setattr(fcntl, "flock", lock)
        clean(tmp_path)
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", after_a_clean)
    with Journal("run", tmp_path) as journal:
        assert journal.path.exists()


@pytest.mark.parametrize("again", [True, False], ids=["a new one in its place", "gone"])
def test_journal_that_another_clean_removed_is_left_alone(
    again: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between opening and locking it, its name may have become somebody else's."""
    path, left = tmp_path / "run.jsonl", directory(tmp_path)
    path.write_text(entry("make", left), encoding="utf-8")
    (tmp_path / "gone.jsonl").symlink_to("nowhere")

    def late(*_: object) -> None:
        path.unlink(missing_ok=True)
        if again:
            path.touch()

    monkeypatch.setattr(fcntl, "flock", late)
    assert clean(tmp_path) == []
    assert (left.exists(), path.exists()) == (True, again)
