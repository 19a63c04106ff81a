"""What passes an interface is heard in both directions, whole, and nothing is sent, on a real veth pair."""

from __future__ import annotations

import select
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Final

import pytest

from edgeboot.base.deadline import Deadline, Wait, eventually
from edgeboot.base.paths import PROJECT
from edgeboot.host.links import LinkEnd, down, with_netlink
from edgeboot.host.wire.capture.packet import CapturedPacket
from edgeboot.host.wire.capture.passive import PassiveSource
from edgeboot.host.wire.port import Port
from tests.unit.host.capture.files import FRAME
from tests.unit.samples import NODE

TAG_5: Final = b"\x81\x00\xe0\x05"
TAG_100: Final = b"\x88\xa8\x00\x64"
ENDS: Final = ("near", "far")
ONLY_RAW: Final = ("setpriv", "--bounding-set=-all,+net_raw", "--inh-caps=-all,+net_raw")


@pytest.fixture
def source(cable: str) -> Iterator[PassiveSource]:
    """At the far end, of frames to port 68."""
    with PassiveSource("far", namespace=cable, bpf="udp port 68 or (vlan and udp port 68)") as source:
        yield source


@pytest.fixture
def near(cable: str) -> Iterator[Port]:
    """The near end, which sends."""
    port = Port("near", NODE.mac, namespace=cable)
    yield port
    port.close()


def heard(source: PassiveSource, count: int) -> list[CapturedPacket]:
    """So many packets; fewer if no more come."""
    packets: list[CapturedPacket] = []
    deadline = Deadline.after(Wait.LINK)
    while len(packets) < count and deadline.remaining:
        select.select([source], [], [], deadline.remaining)
        packets += source.pending()
    return packets


def test_packets_are_heard_whole_and_in_order(near: Port, source: PassiveSource) -> None:
    """Numbered from 1, with the kernel's time."""
    frames = [FRAME + bytes([number]) for number in range(100)]
    for frame in frames:
        near.send(frame)
    packets = heard(source, len(frames))
    assert [packet.octets for packet in packets] == frames
    assert [packet.number for packet in packets] == list(range(1, 101))
    assert packets[0].at == pytest.approx(time.time(), abs=10)


def test_packet_that_this_machine_sends_is_heard(cable: str, source: PassiveSource) -> None:
    """A server on this machine answers by the interface that is watched."""
    far = Port("far", NODE.mac, namespace=cable)
    far.send(FRAME)
    far.close()
    assert [packet.octets for packet in heard(source, 1)] == [FRAME]


def test_frame_longer_than_a_segment_is_not_cut(cable: str, near: Port, source: PassiveSource) -> None:
    """As a network card hands over what it has put together."""
    with_netlink(cable, lambda netlink: [netlink.link("set", ifname=each, mtu=60_000) for each in ENDS])
    near.send(FRAME + bytes(50_000))
    [packet] = heard(source, 1)
    assert (packet.octets, packet.cut) == (FRAME + bytes(50_000), False)


def test_tags_are_peeled_as_those_of_a_file(near: Port, source: PassiveSource) -> None:
    """The kernel takes the outer one off itself; a filter for both finds either."""
    for tags in (TAG_5, TAG_100 + TAG_5):
        near.send(FRAME[:12] + tags + FRAME[12:])
    packets = heard(source, 2)
    assert [(packet.octets, packet.vlans) for packet in packets] == [(FRAME, (5,)), (FRAME, (100, 5))]


def test_packets_beside_the_filter_are_not_heard(near: Port, source: PassiveSource) -> None:
    """The kernel leaves them out."""
    near.send(bytes(60))
    near.send(FRAME)
    assert [packet.octets for packet in heard(source, 1)] == [FRAME]


def test_packets_without_room_are_counted(cable: str, near: Port) -> None:
    """A watch that lost some must say so."""
    with PassiveSource("far", namespace=cable, bpf="udp port 68", blocks=1) as source:
        for _ in range(4000):
            near.send(FRAME)
        assert len(heard(source, 1)) + source.dropped == 4000
        assert source.dropped > 0


def test_packet_after_a_full_ring_is_heard(cable: str, near: Port) -> None:
    """It goes on from where it was."""
    with PassiveSource("far", namespace=cable, bpf="udp port 68", blocks=2) as source:
        for _ in range(10):
            near.send(FRAME)
            assert len(heard(source, 1)) == 1


def test_interface_that_went_down_is_told_and_heard_again(
    cable: str, near: Port, source: PassiveSource
) -> None:
    """A cable is pulled, and plugged in."""
    with down(LinkEnd(cable, "far")), pytest.raises(OSError, match="Network is down: 'far'"):
        source.pending()

    def passes() -> CapturedPacket | None:
        near.send(FRAME)  # The kernel drops it until it has seen that the cable carries again.
        return next(iter(source.pending()), None)

    again = eventually("a frame behind the cable", passes, Wait.LINK, "look at the cable's ends")
    assert again.octets == FRAME


def test_interface_that_is_not_there_is_an_error(namespace: str) -> None:
    """Its socket is closed then."""
    with pytest.raises(OSError, match="No such device"):
        PassiveSource("absent", namespace=namespace)


def test_one_capability_suffices(cable: str) -> None:
    """CAP_NET_RAW, for the socket and to be promiscuous; nothing else of root's."""
    listen = (
        "from edgeboot.host.wire.capture.passive import PassiveSource; PassiveSource('far'); print('hears')"
    )
    command = ["ip", "netns", "exec", cable, *ONLY_RAW, sys.executable, "-c", listen]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert run.stdout == "hears\n", run.stderr
