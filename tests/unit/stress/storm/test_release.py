"""The release of a storm's leases, with a function for the server."""

from __future__ import annotations

import errno
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from edgeboot.dhcp.clients import EDK2_PXE_X86_64
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.stress.storm import release as module
from edgeboot.stress.storm.lease_table import LeaseTable
from edgeboot.stress.storm.numbering import mac_of
from edgeboot.stress.storm.release import WINDOW, Release, ReleaseEnd, ReleaseProgress, Releasing
from tests.unit.stress.storm.answering_wire import SERVER, SERVER_MAC, Answer, AnsweringWire, reply_to

POOL = 0x0A000000
MANY = 3 * WINDOW
BRIEF = (0.01, 0.01)
Run = Callable[..., tuple[Release, AnsweringWire]]


@pytest.fixture
def table(tmp_path: Path) -> Iterator[LeaseTable]:
    """Three windows of leases, all acknowledged."""
    table = LeaseTable.made(tmp_path / "leases", MANY)
    for number in range(MANY):
        table.hold(number, POOL + number, int(SERVER), SERVER_MAC.packed)
        table.acknowledged(number)
    yield table
    table.close()


@pytest.fixture
def run(table: LeaseTable) -> Iterator[Run]:
    """Releases the table's leases against a function that answers."""
    wires: list[AnsweringWire] = []

    def run(answer: Answer, on_released: Callable[[ReleaseProgress], object] = print) -> object:
        wires.append(AnsweringWire(answer))
        return Releasing(table, [EDK2_PXE_X86_64], wires[-1], BRIEF, on_released).run(), wires[-1]

    yield run  # type: ignore[misc]
    for wire in wires:
        wire.close()


def granting(message: DhcpMessage) -> Iterable[DhcpMessage]:
    """A server that knows every lease."""
    if message.message_type is MessageType.DHCPREQUEST:
        yield reply_to(message, MessageType.DHCPACK, "10.0.0.1")


def silent(_: DhcpMessage) -> Iterable[DhcpMessage]:
    """A server that is gone."""
    return ()


def types(wire: AnsweringWire) -> list[bool]:
    """What was sent, in order: whether each is a DHCPRELEASE."""
    return [message.message_type is MessageType.DHCPRELEASE for message in wire.sent]


def test_every_lease_is_released_once(run: Run, table: LeaseTable) -> None:
    """By its node, of its address."""
    done, wire = run(granting)
    assert done == Release(MANY, MANY, ReleaseEnd.ALL)
    released = [each for each in wire.sent if each.message_type is MessageType.DHCPRELEASE]
    assert sorted(each.chaddr.packed for each in released) == [mac_of(each).packed for each in range(MANY)]
    assert all(int(each.ciaddr) - POOL == int.from_bytes(each.chaddr.packed[3:]) for each in released)
    assert list(table.held()) == []


def test_no_more_than_a_window_is_sent_without_an_answer(run: Run) -> None:
    """A server's socket has no room for more."""
    _, wire = run(granting)
    runs = "".join("r" if each else " " for each in types(wire)).split()
    assert max(map(len, runs)) == WINDOW


def test_a_server_that_is_gone_is_sent_no_release(run: Run, table: LeaseTable) -> None:
    """The leases stay in the table."""
    done, wire = run(silent)
    assert done == Release(MANY, 0, ReleaseEnd.UNANSWERED)
    assert not any(types(wire))
    assert sum(1 for _ in table.held()) == MANY


def test_what_has_no_room_is_sent_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue of a port is full, for a question and for releases: none of them is left out."""
    tried: Counter[bytes] = Counter()
    send = AnsweringWire.send

    def full_at_first(wire: AnsweringWire, frame: bytes) -> int:
        tried[frame] += 1
        if tried[frame] == 1 and sum(tried.values()) % 7 == 1:
            raise OSError(errno.ENOBUFS, "No buffer space available")
        return send(wire, frame)

    monkeypatch.setattr(AnsweringWire, "send", full_at_first)
    done, wire = run(granting)
    assert done == Release(MANY, MANY, ReleaseEnd.ALL)
    assert sum(types(wire)) == MANY


def test_another_node_asks_where_the_server_does_not_know_one(run: Run) -> None:
    """Its lease may have been lost in a restart; that says nothing of the others."""

    def forgetful(message: DhcpMessage) -> Iterable[DhcpMessage]:
        return granting(message) if message.chaddr == mac_of(0) else ()

    done, _ = run(forgetful)
    assert done.end is ReleaseEnd.ALL


def test_one_interrupt_does_not_end_it(run: Run, table: LeaseTable) -> None:
    """Whoever ended the storm may have pressed Ctrl-C twice."""
    told: list[ReleaseProgress] = []

    def impatient(progress: ReleaseProgress) -> None:
        told.append(progress)
        if progress.released == WINDOW and not progress.interrupted:
            raise KeyboardInterrupt

    done, _ = run(granting, impatient)
    assert done == Release(MANY, MANY, ReleaseEnd.ALL)
    assert (told[0].interrupted, told[-1].interrupted) == (False, True)
    assert list(table.held()) == []


def test_a_second_interrupt_ends_it(run: Run, table: LeaseTable) -> None:
    """What the server has read by then is not held any more."""

    def insistent(progress: ReleaseProgress) -> None:
        if progress.released >= WINDOW:
            raise KeyboardInterrupt

    done, _ = run(granting, insistent)
    assert done.end is ReleaseEnd.INTERRUPTED
    assert sum(1 for _ in table.held()) == MANY - done.released


def test_leases_that_nobody_can_ask_about_are_released_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A DHCPACK that was lost leaves a lease at the server."""
    monkeypatch.setattr(module, "UNASKED_WINDOW", 0.01)
    table, wire = LeaseTable.made(tmp_path / "offered", 1), AnsweringWire(silent)
    table.hold(0, POOL, int(SERVER), SERVER_MAC.packed)
    done = Releasing(table, [EDK2_PXE_X86_64], wire, BRIEF).run()
    wire.close()
    assert (done, types(wire)) == (Release(1, 1, ReleaseEnd.ALL), [True])
