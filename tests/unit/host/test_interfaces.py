"""What sysfs shows of an interface: one wording for the probe and for a lab on somebody's segment."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeboot.host import interfaces
from edgeboot.host.interfaces import missing, without_link


@pytest.fixture
def nic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory of this machine's only interface, nic0."""
    monkeypatch.setattr(interfaces, "NETWORK_DEVICES", tmp_path)
    (tmp_path / "nic0").mkdir()
    return tmp_path / "nic0"


@pytest.mark.usefixtures("nic")
@pytest.mark.parametrize("name", ["nic1", "", ".", "..", "nic0/queues"])
def test_missing_interface_is_answered_with_those_that_are_there(name: str) -> None:
    """A path below an interface's directory is no name."""
    assert missing(name) == ("no such interface", "choose from nic0")


@pytest.mark.parametrize(
    "flags,carrier,problem",
    [("0x1002", "", "is down"), ("0x1003", "0", "has no link"), ("0x1003", "1", None)],
)
def test_interface_is_looked_at(flags: str, carrier: str, problem: str | None, nic: Path) -> None:
    """Administratively down, without carrier, or usable."""
    (nic / "flags").write_text(f"{flags}\n", encoding="ascii")
    (nic / "carrier").write_text(f"{carrier}\n", encoding="ascii")
    obstacle = without_link("nic0")
    assert missing("nic0") is None
    assert (obstacle.problem if obstacle else None) == problem
