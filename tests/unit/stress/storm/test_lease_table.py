"""The leases of a storm, released by another process."""

from __future__ import annotations

from ipaddress import IPv4Address
from pathlib import Path
from socket import socket

import pytest

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.base.errors import LabError
from edgeboot.dhcp.clients import EDK2_PXE_X86_64
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.host.journal import undo
from edgeboot.host.wire.frame import dissect
from edgeboot.host.wire.port import Port
from edgeboot.stress.storm.lease_table import LeaseTable, StormLeases, held_leases
from edgeboot.stress.storm.numbering import mac_of
from tests.unit.stress.storm.answering_wire import SERVER, SERVER_MAC

ADDRESS = IPv4Address("192.168.99.100")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """The file of ten nodes, of which the fourth has a lease."""
    path = tmp_path / "leases"
    open_table = LeaseTable(path, 10)
    open_table.hold(3, int(ADDRESS), int(SERVER), SERVER_MAC.packed)
    open_table.close()
    return path


def test_only_nodes_with_a_lease_are_in_it(table: Path) -> None:
    """A node that was granted nothing has nothing to give back."""
    [lease] = held_leases(table)
    assert (lease.number, lease.address, lease.server_mac) == (3, ADDRESS, SERVER_MAC)


def test_undoing_releases_each_lease_and_removes_the_file(table: Path, cable: str) -> None:
    """By the entry alone, as another process has it from the journal."""
    far = Port("far", mac_of(0), namespace=cable, promiscuous=True)
    entry = StormLeases.from_json(
        StormLeases(table, EDK2_PXE_X86_64.name, interface="near", namespace=cable).to_json()
    )
    assert entry.undo()
    frame = far.receive(Deadline.after(Wait.LINK))
    assert frame is not None
    datagram = dissect(frame)
    far.close()
    assert datagram is not None
    message = DhcpMessage.decode(datagram.payload)
    assert message.message_type is MessageType.DHCPRELEASE
    assert (message.chaddr, message.ciaddr, datagram.destination) == (mac_of(3), ADDRESS, SERVER)
    assert not table.exists()
    assert not entry.undo()


def test_releases_that_may_not_be_sent_stay_to_be_sent(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may open no packet socket is told so; the file is there for who may."""

    def forbidden(_: str | None) -> socket:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("edgeboot.stress.storm.lease_table.packet_socket", forbidden)
    with pytest.raises(
        LabError, match=r"leases of a storm in .* cannot be removed \(.*Operation not permitted"
    ):
        undo(StormLeases(table, EDK2_PXE_X86_64.name, "near", None))
    assert table.exists()


def test_room_for_every_lease_is_there_from_the_beginning(tmp_path: Path) -> None:
    """On a disk that becomes full meanwhile a write to the file's memory would end the process."""
    LeaseTable(tmp_path / "many", 100_000).close()
    status = (tmp_path / "many").stat()
    assert 512 * status.st_blocks >= status.st_size > 0


def test_a_file_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """With its path, and what to do."""
    (tmp_path / "storms").write_text("")
    with pytest.raises(LabError, match=r"leases .*/storms/a: cannot be written \(.*; make room, or name"):
        LeaseTable(tmp_path / "storms" / "a", 10)


def test_without_the_network_only_the_file_is_removed(table: Path) -> None:
    """A lab that is gone took its server along."""
    entry = StormLeases(table, EDK2_PXE_X86_64.name, "near", "edgeboot-no-such-namespace")
    assert not entry.undo()
    assert not table.exists()
