"""Whether a run could write its evidence and its results, found out before it begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeboot.base.destination import check_directory, check_file
from edgeboot.base.errors import UsageError


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
