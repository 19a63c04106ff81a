"""Whether a run could write its evidence and its results, found out before it begins."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from edgeboot.base.destination import check_directory, check_file, replace_file
from edgeboot.base.errors import LabError, UsageError
from edgeboot.host.journal import Journal


def test_look_leaves_nothing_behind(tmp_path: Path) -> None:
    """Neither a directory that was made for it, nor a file."""
    check_directory(tmp_path / "a" / "b", "--evidence")
    check_file(tmp_path / "a" / "b" / "j.xml", "--junit-xml")
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_stays(tmp_path: Path) -> None:
    """A file keeps its content, a directory its files."""
    (tmp_path / "old.xml").write_text("old", encoding="utf-8")
    check_directory(tmp_path, "--evidence")
    check_file(tmp_path / "old.xml", "--junit-xml")
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("old.xml", "old")]


@pytest.mark.parametrize("path", ["file", "file/below", "/proc/no/directory", "/dev/null"])
def test_directory_that_cannot_be_is_refused(path: str, tmp_path: Path) -> None:
    """The option, the path and the system's reason in a line."""
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=r"^--evidence \S+: cannot be written \(.+\); name a directory"):
        check_directory(tmp_path / path, "--evidence")


@pytest.mark.parametrize("path", [".", "file/below", "/proc/no/file"])
def test_file_that_cannot_be_is_refused(path: str, tmp_path: Path) -> None:
    """A directory is none."""
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=r"^--junit-xml \S+: cannot be written \(.+\); name a"):
        check_file(tmp_path / path, "--junit-xml")


def test_user_who_may_not_write_there_is_named() -> None:
    """A volume that is root's, as NFS often has it, in a container of user 65532."""
    user = os.geteuid()
    try:
        if user == 0:
            os.seteuid(65532)
        mend = rf"name a directory that may be written, or make / writable for user {os.geteuid()}$"
        with pytest.raises(UsageError, match=mend):
            check_directory(Path("/edgeboot-of-nobody/evidence"), "--evidence")
        with pytest.raises(LabError, match=rf"XDG_STATE_HOME, or make / writable for user {os.geteuid()}$"):
            Journal("ab12cd", Path("/edgeboot-of-nobody/journal"))
    finally:
        os.seteuid(user)


def test_collector_of_another_user_may_read_the_metrics(tmp_path: Path) -> None:
    """Under the umask of a service that hides its evidence."""
    before = os.umask(0o077)
    try:
        replace_file(tmp_path / "edgeboot.prom", b"edgeboot_causes 0\n")
    finally:
        os.umask(before)
    assert (tmp_path / "edgeboot.prom").stat().st_mode & 0o777 == 0o644
