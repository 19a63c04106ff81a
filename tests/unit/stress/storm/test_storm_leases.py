"""The leases of a storm, released by another process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.base.errors import LabError
from edgeboot.dhcp.clients import EDK2_PXE_X86_64
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.host.journal import undo
from edgeboot.host.wire.frame import dissect
from edgeboot.host.wire.port import Port
from edgeboot.stress.storm import storm_leases
from edgeboot.stress.storm.lease_table import LeaseTable
from edgeboot.stress.storm.numbering import CONSECUTIVE, mac_of
from edgeboot.stress.storm.storm_leases import StormLeases
from tests.unit.stress.storm.answering_wire import SERVER, SERVER_MAC

ADDRESS = IPv4Address("192.168.99.100")
BRIEF = (0.01,)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of ten nodes, of which the fourth has a lease, or was offered one."""
    path = tmp_path / "leases"
    table = LeaseTable.made(path, 10)
    table.hold(3, int(ADDRESS), int(SERVER), SERVER_MAC.packed)
    table.close()
    return path


@pytest.fixture
def entry(path: Path, cable: str) -> StormLeases:
    """The leases, by the entry alone, as another process has it from the journal."""
    leases = StormLeases(path, (EDK2_PXE_X86_64.name,), interface="near", namespace=cable, macs=CONSECUTIVE)
    return StormLeases.from_json(leases.to_json())


@pytest.fixture
def far(cable: str) -> Iterator[Port]:
    """The server's end of the cable."""
    port = Port("far", mac_of(0), namespace=cable, promiscuous=True)
    yield port
    port.close()


@pytest.fixture
def acknowledged(entry: StormLeases, monkeypatch: pytest.MonkeyPatch) -> StormLeases:
    """The same, whose node has its lease and can ask about it; nobody answers."""
    monkeypatch.setattr(storm_leases, "LATER", BRIEF)
    table = LeaseTable.opened(entry.path)
    table.acknowledged(3)
    table.close()
    return entry


def test_undoing_releases_each_lease_and_removes_the_file(entry: StormLeases, far: Port) -> None:
    """The DHCPRELEASE is the node's own."""
    assert entry.undo()
    frame = far.receive(Deadline.after(Wait.LINK))
    assert frame is not None
    datagram = dissect(frame)
    assert datagram is not None
    message = DhcpMessage.decode(datagram.payload)
    assert message.message_type is MessageType.DHCPRELEASE
    assert (message.chaddr, message.ciaddr, datagram.destination) == (mac_of(3), ADDRESS, SERVER)
    assert not entry.path.exists()
    assert not entry.undo()


def test_leases_end_with_the_lab_whose_server_is_gone(acknowledged: StormLeases) -> None:
    """A killed lab took its server along, and nothing is left to be told."""
    assert not acknowledged.undo()
    assert not acknowledged.path.exists()


def test_leases_of_a_site_s_server_that_does_not_answer_stay(acknowledged: StormLeases) -> None:
    """How many, and how they end."""
    site = replace(acknowledged, own_segment=False)
    with pytest.raises(LabError, match=r"1 of 1 are not released \(unanswered\); release them at the server"):
        undo(site)
    assert site.path.exists()


def test_releases_that_may_not_be_sent_stay_to_be_sent(
    entry: StormLeases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may open no packet socket is told so; the file is there for who may."""

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(storm_leases, "PacketRing", forbidden)
    with pytest.raises(
        LabError, match=r"leases of a storm in .* cannot be removed \(.*Operation not permitted"
    ):
        undo(entry)
    assert entry.path.exists()


def test_without_the_network_only_the_file_is_removed(entry: StormLeases) -> None:
    """A lab that is gone took its server along."""
    assert not replace(entry, namespace="edgeboot-no-such-namespace").undo()
    assert not entry.path.exists()


def test_the_file_of_a_storm_that_was_killed_at_once_is_removed(entry: StormLeases) -> None:
    """It has no room for a lease yet."""
    entry.path.write_bytes(b"")
    assert not entry.undo()
    assert not entry.path.exists()
