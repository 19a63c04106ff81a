"""Cleanup: what a dead owner left is removed, a live one's is left alone, and what cannot be read is kept."""

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
from typing import Final

import pytest
from pyroute2 import netns

from edgeboot.base.errors import LabError
from edgeboot.base.paths import PROJECT
from edgeboot.host.directory import Directory
from edgeboot.host.journal import Leftover
from edgeboot.host.namespace import NAMED_NAMESPACES, Namespace
from edgeboot.labs.clean import NotCleaned, clean
from tests.unit.samples import directory, entry

OWNER: Final = """
import subprocess, sys
from pathlib import Path
from edgeboot.host.journal import Journal
from edgeboot.host.journal import Leftover
from edgeboot.host.namespace import Namespace, create_namespace
name, directory = sys.argv[1:]
journal = Journal("owner", Path(directory))
journal.about_to_make(Namespace(name))
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


def test_namespace_of_a_killed_owner_goes_with_the_process_in_it(owner: Owner, tmp_path: Path) -> None:
    """SIGKILL leaves no time to tidy up; the next run does it."""
    named = NAMED_NAMESPACES / owner.namespace
    assert named.stat().st_ino == Path(f"/proc/{owner.sleeper}/ns/net").stat().st_ino
    owner.process.send_signal(signal.SIGKILL)
    owner.process.wait()
    assert clean(tmp_path) == [Namespace(owner.namespace)]
    assert not named.exists()
    assert owner.sleeper_ended
    assert list(tmp_path.glob("*.jsonl")) == []


def test_namespace_of_a_live_owner_is_left_alone(owner: Owner, tmp_path: Path) -> None:
    """Two runs on one machine do not know of each other."""
    assert clean(tmp_path) == []
    assert (NAMED_NAMESPACES / owner.namespace).exists()
    assert not select.select([owner.ended], [], [], 0)[0]
    assert (tmp_path / "owner.jsonl").exists()


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
    assert clean(tmp_path) == [Directory(path)]
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


@pytest.mark.parametrize(
    "line, problem",
    [
        (b'{"v": 1, "event": "make", "kind": "disk image", "fields": {}}', "names a 'disk image'"),
        (b'{"what": "make", "kind": "VM", "name": "x"}', "names a 'VM'"),
        (b'{"v": 2, "event": "make", "kind": "directory", "fields": {"path": "/x"}}', "is of version 2"),
        (b'{"v": 1, "event": "make", "kind": "directory", "fields": {}}', "is no directory that can be read"),
        (b'{"v": 1, "event": "mend", "kind": "directory", "fields": {"path": "/x"}}', "is damaged"),
        (b'{"v": 1, "ev', "is damaged"),
        (b"\xff\xfe", "is damaged"),
        (b"[" * 100_000, "is damaged"),
    ],
)
def test_line_that_cannot_be_undone_keeps_its_journal(line: bytes, problem: str, tmp_path: Path) -> None:
    """The error names file and line, and all the rest is removed."""
    (first, last), path = (directory(tmp_path, each) for each in "ab"), tmp_path / "run.jsonl"
    path.write_bytes(entry("make", first).encode() + line + b"\n" + entry("make", last).encode())
    with pytest.raises(NotCleaned) as error:
        clean(tmp_path)
    assert str(error.value).startswith(f"{path} line 2: {problem}")
    assert list(tmp_path.iterdir()) == [path]


def test_unknown_kind_that_its_owner_removed_keeps_nothing(tmp_path: Path) -> None:
    """Whatever it was, it is gone."""
    line = '{{"v": 1, "event": "{}", "kind": "disk image", "fields": {{"name": "x"}}}}\n'
    text = line.format("make") + line.format("removed")
    (tmp_path / "run.jsonl").write_text(text, encoding="utf-8")
    assert clean(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_journal_that_cannot_be_cleaned_does_not_keep_the_next_from_it(tmp_path: Path) -> None:
    """One error tells how many there are; what was removed is told as it goes."""
    left = directory(tmp_path)
    told: list[Leftover] = []
    for name in ("a", "b"):
        (tmp_path / f"{name}.jsonl").write_text("nonsense\n", encoding="utf-8")
    (tmp_path / "c.jsonl").write_text(entry("make", left), encoding="utf-8")
    with pytest.raises(NotCleaned, match=r"a\.jsonl line 1: is damaged; .* \(1 more: edgeboot clean"):
        clean(tmp_path, told.append)
    assert told == [Directory(left)]


def test_journal_that_cannot_be_read_is_named_and_does_not_keep_the_next_from_it(tmp_path: Path) -> None:
    """Another user's, say; root may read all files, so a directory stands for it."""
    left = directory(tmp_path)
    (tmp_path / "a.jsonl").mkdir()
    (tmp_path / "b.jsonl").write_text(entry("make", left), encoding="utf-8")
    with pytest.raises(NotCleaned, match=r"^journal .*a\.jsonl: cannot be read \(Is a directory\); run"):
        clean(tmp_path)
    assert not left.exists()


STUCK = (
    '{"v": 1, "event": "make", "kind": "machine by commands", "fields": {"entry": {"name": "node-9", '
    '"mac": "52:54:00:00:00:09", "kind": "command", "on": "false", "off": "false"}, "boot": false, '
    '"power": "on"}}\n'
)
"""A machine whose commands fail."""


def test_machine_that_cannot_be_put_back_is_told_apart(tmp_path: Path) -> None:
    """It is nothing on this machine: no lab has to wait for it."""
    stuck, nonsense = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    stuck.write_text(STUCK, encoding="utf-8")
    with pytest.raises(NotCleaned, match=r"machine node-9: was asked to power off") as alone:
        clean(tmp_path)
    nonsense.write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(NotCleaned) as beside:
        clean(tmp_path)
    nonsense.unlink()
    assert (alone.value.of_sites, beside.value.of_sites) == (frozenset({stuck}), None)
    assert clean(tmp_path, but=[stuck]) == []


def test_words_of_a_command_are_not_told_with_an_entry_that_cannot_be_read(tmp_path: Path) -> None:
    """They may be a password, which an earlier version took."""
    text = STUCK.replace('"on": "false"', '"on": "ipmitool -P calvin power on"')
    (tmp_path / "a.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(NotCleaned, match=r"is no machine by commands .* on has a password in it") as error:
        clean(tmp_path)
    assert "calvin" not in str(error.value)


def test_journals_that_cannot_be_listed_are_an_error(tmp_path: Path) -> None:
    """Not "nothing was left behind": root may list all directories, so a file stands for one."""
    (tmp_path / "journal").touch()
    with pytest.raises(LabError, match=r"^journals .*journal: cannot be read \(Not a directory\)"):
        clean(tmp_path / "journal")


def test_entry_whose_package_is_not_installed_is_named_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extras of a lab that nobody uses in this environment."""
    left, path = directory(tmp_path), tmp_path / "run.jsonl"
    libvirt = '{"v": 1, "event": "make", "kind": "libvirt network", "fields": {"name": "edge", "uri": "x"}}\n'
    path.write_text(entry("make", left) + libvirt, encoding="utf-8")
    monkeypatch.setitem(sys.modules, "libvirt", None)
    with pytest.raises(
        NotCleaned, match=r"Python package libvirt, which is not installed; .* edgeboot\[kind\]"
    ):
        clean(tmp_path)
    assert list(tmp_path.iterdir()) == [path]


def test_libvirt_s_dhcp_is_given_back_before_everything_else(tmp_path: Path) -> None:
    """Others wait for it; the rest, the newest first, may take minutes. Told by what cannot be read here."""
    kinds = ("libvirt DHCP", "directory", "lock file")
    line = '{{"v": 1, "event": "make", "kind": "{}", "fields": {{}}}}\n'
    (tmp_path / "killed.jsonl").write_text("".join(map(line.format, kinds)), encoding="utf-8")
    with pytest.raises(NotCleaned) as raised:
        clean(tmp_path)
    told = [str(each) for each in raised.value.problems]
    assert [next(kind for kind in kinds if kind in text) for text in told] == [kinds[0], kinds[2], kinds[1]]
