"""The ring of received frames, on a real veth pair."""

from __future__ import annotations

import select
import time
from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.base.deadline import Wait
from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.host.wire.frame import udp_frame
from edgeboot.host.wire.packet_ring import PacketRing

OWN: Final = MacAddress.parse("02:eb:00:00:00:05")
SLOTS: Final = 64


def datagram(number: int, port: int = 68) -> bytes:
    """A frame that says its number."""
    ends = (IPv4Address("10.0.0.1"), 67), (IPv4Address("10.0.0.2"), port)
    return udp_frame(OWN, BROADCAST, *ends, b"%05d" % number)


@pytest.fixture
def near(cable: str) -> Iterator[PacketRing]:
    """A ring on the near end, with room for a few frames."""
    ring = PacketRing("near", namespace=cable, bpf="udp dst port 68", slots=SLOTS)
    yield ring
    ring.close()


@pytest.fixture
def far(cable: str) -> Iterator[PacketRing]:
    """A ring on the far end."""
    ring = PacketRing("far", namespace=cable, bpf="udp dst port 68", slots=SLOTS)
    yield ring
    ring.close()


def received(ring: PacketRing) -> list[bytes]:
    """The frames that have come; it waits for the first of them."""
    select.select([ring], [], [], Wait.LINK.total_seconds())
    frames: list[bytes] = []
    ring.drain(lambda memory, start, end, _: frames.append(bytes(memory[start:end])))
    return frames


def test_frames_arrive_whole_and_in_order(near: PacketRing, far: PacketRing) -> None:
    """More of them than the ring has slots, read now and then."""
    for first in range(0, 3 * SLOTS, SLOTS // 2):
        sent = [datagram(number) for number in range(first, first + SLOTS // 2)]
        for frame in sent:
            near.send(frame)
        assert received(far) == sent


def test_a_frame_has_the_kernels_time(near: PacketRing, far: PacketRing) -> None:
    """It is that of its arrival, not that of its reading."""
    times: list[float] = []
    near.send(datagram(1))
    sent_by = time.time()
    select.select([far], [], [], Wait.LINK.total_seconds())
    far.drain(lambda _memory, _start, _end, at: times.append(at))
    assert times[0] == pytest.approx(sent_by, abs=1)


def test_other_ports_and_own_frames_are_not_received(near: PacketRing, far: PacketRing) -> None:
    """The filter is the kernel's, and what one sends is for the others."""
    near.send(datagram(1, port=67))
    near.send(datagram(2))
    assert received(far) == [datagram(2)]
    assert near.drain(lambda *_: None) == 0


def test_frames_without_room_are_counted(near: PacketRing, far: PacketRing) -> None:
    """A storm whose own ring was full has no valid figures."""
    for number in range(SLOTS + 10):
        near.send(datagram(number))
    assert len(received(far)) == SLOTS
    assert far.dropped == 10
    assert far.dropped == 10


def test_an_interrupted_reading_is_continued(near: PacketRing, far: PacketRing) -> None:
    """Ctrl-C in the middle of it loses no frame."""
    for number in range(3):
        near.send(datagram(number))
    handled: list[bytes] = []

    def interrupted(memory: memoryview, start: int, end: int, _: float) -> None:
        if handled:
            raise KeyboardInterrupt
        handled.append(bytes(memory[start:end]))

    select.select([far], [], [], Wait.LINK.total_seconds())
    with pytest.raises(KeyboardInterrupt):
        far.drain(interrupted)
    assert received(far) == [datagram(1), datagram(2)]


def test_a_missing_interface_is_an_error(namespace: str) -> None:
    """Its socket is closed then."""
    with pytest.raises(OSError, match="No such device"):
        PacketRing("absent", namespace=namespace, bpf="udp")
