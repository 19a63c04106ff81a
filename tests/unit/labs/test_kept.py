"""Labs that are left standing: no run takes them away, and edgeboot clean does."""

from __future__ import annotations

from pathlib import Path

from edgeboot.host.directory import Directory
from edgeboot.host.journal import Journal
from edgeboot.labs.clean import clean
from edgeboot.labs.kept import KeptLab, kept_labs, note
from edgeboot.labs.way_in import WayIn
from tests.unit.samples import directory

WAY = WayIn("the server's host", "ip netns exec edgeboot-ab12cd-main-orchestrator ip addr")


def kept(journals: Path) -> Directory:
    """A kept lab that consists of a directory."""
    journal = Journal("ab12cd-main", journals)
    made = Directory(directory(journals))
    journal.about_to_make(made)
    journal.leave("netns", note([WAY]))
    return made


def test_kept_lab_is_known_with_the_ways_into_it(tmp_path: Path) -> None:
    """To every later process of the user."""
    made = kept(tmp_path)
    assert kept_labs(tmp_path) == [KeptLab("ab12cd-main", "netns", (WAY,))]
    assert made.path.exists()


def test_only_a_cleanup_that_is_asked_for_takes_it_away(tmp_path: Path) -> None:
    """A run removes what killed runs left, and this was left on purpose."""
    made = kept(tmp_path)
    assert clean(tmp_path) == []
    assert clean(tmp_path, kept=True) == [made]
    assert (kept_labs(tmp_path), list(tmp_path.iterdir())) == ([], [])


def test_text_says_how_to_look_into_it_and_how_it_goes_away(tmp_path: Path) -> None:
    """A command stands alone in its line."""
    kept(tmp_path)
    assert kept_labs(tmp_path)[0].lines == [
        "edgeboot: lab netns of run ab12cd-main is left standing; edgeboot clean takes it away",
        "  the server's host:",
        "    ip netns exec edgeboot-ab12cd-main-orchestrator ip addr",
    ]


def test_kept_lab_of_another_version_is_known_without_ways(tmp_path: Path) -> None:
    """Its note cannot be read; that it stands can."""
    (tmp_path / "ab12cd-main.kind.kept").write_text('{"v": 9}\n')
    assert kept_labs(tmp_path) == [KeptLab("ab12cd-main", "kind", ())]
