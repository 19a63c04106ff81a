"""The file with the leases of a storm."""

from __future__ import annotations

from ipaddress import IPv4Address
from pathlib import Path

import pytest

from edgeboot.base.errors import LabError
from edgeboot.stress.storm.lease_table import LeaseTable
from tests.unit.stress.storm.answering_wire import SERVER, SERVER_MAC
from tests.unit.stress.storm.held import held_leases

ADDRESS = IPv4Address("192.168.99.100")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of ten nodes, of which the fourth and the sixth have a lease."""
    path = tmp_path / "leases"
    table = LeaseTable.made(path, 10)
    table.hold(3, int(ADDRESS), int(SERVER), SERVER_MAC.packed)
    table.hold(5, int(ADDRESS) + 1, int(SERVER), SERVER_MAC.packed)
    table.acknowledged(5)
    table.close()
    return path


def test_only_nodes_with_a_lease_are_in_it(path: Path) -> None:
    """A node that was granted nothing has nothing to give back."""
    offered, bound = held_leases(path)
    assert (offered.number, offered.address, offered.server_mac) == (3, ADDRESS, SERVER_MAC)
    assert (bound.number, bound.address) == (5, ADDRESS + 1)
    assert (offered.acknowledged, bound.acknowledged) == (False, True)


def test_a_released_lease_is_no_longer_in_it(path: Path) -> None:
    """Another process that opens the file goes on where this one has ended."""
    table = LeaseTable.opened(path)
    table.released(3)
    table.close()
    assert [lease.number for lease in held_leases(path)] == [5]


def test_a_storm_that_was_killed_at_once_has_no_leases(tmp_path: Path) -> None:
    """Its file is there, and has no room yet."""
    (tmp_path / "leases").touch()
    assert held_leases(tmp_path / "leases") == ()


def test_room_for_every_lease_is_there_from_the_beginning(tmp_path: Path) -> None:
    """On a disk that becomes full meanwhile a write to the file's memory would end the process."""
    LeaseTable.made(tmp_path / "many", 100_000).close()
    status = (tmp_path / "many").stat()
    assert 512 * status.st_blocks >= status.st_size > 0


def test_a_file_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """With its path, and what to do."""
    (tmp_path / "storms").write_text("")
    with pytest.raises(LabError, match=r"leases .*/storms/a: cannot be written \(.*; make room, or name"):
        LeaseTable.made(tmp_path / "storms" / "a", 10)
