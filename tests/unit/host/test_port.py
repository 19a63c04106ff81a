"""Ports on a real veth pair: sending, receiving, filters and checksum offload."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Interface
from typing import Final

import pytest
from pyroute2 import IPRoute
from pyroute2.ethtool import Ethtool

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.host.links import LinkEnd, add_address
from edgeboot.host.namespace import in_namespace
from edgeboot.host.wire.frame import Checksum, dissect, udp_frame
from edgeboot.host.wire.port import EVERYTHING, Port
from tests.unit.samples import NODE

OWN: Final = NODE.mac
"""The MAC of the near end; the kernel chooses that of the far end."""
OTHER: Final = MacAddress.parse("02:eb:00:00:00:02")
DATAGRAM: Final = udp_frame(
    OWN, BROADCAST, (IPv4Address("10.0.0.1"), 68), (IPv4Address("10.0.0.2"), 67), b"hello"
)
EXPERIMENT: Final = BROADCAST.packed + OWN.packed + bytes.fromhex("88b5") + b"not for firmware".ljust(46)


@pytest.fixture
def near(cable: str) -> Iterator[Port]:
    """A port on the near end, with the interface's own MAC."""
    port = Port("near", OWN, namespace=cable)
    yield port
    port.close()


@pytest.fixture
def far(cable: str) -> Iterator[Port]:
    """A port on the far end, with another MAC than the interface's."""
    port = Port("far", OTHER, namespace=cable)
    yield port
    port.close()


def promiscuity(namespace: str, interface: str) -> int:
    """The promiscuity count of the interface."""

    def ask() -> int:
        with IPRoute() as netlink:
            [link] = netlink.get_links(ifname=interface)
            return int(link.get("promiscuity"))

    return in_namespace(namespace, ask)


def broadcast(offload: bool) -> None:
    """Let the kernel of this namespace send a datagram, with or without checksum offload."""
    ethtool = Ethtool()
    if offload:
        ethtool.set_offload_flag("near", "tx-checksumming", data=True)
    ethtool.close()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sender.sendto(b"hello", ("10.0.0.255", 67))


CLOCK_STEP: Final = 5.0
"""Tolerance in seconds between two readings of the wall clock."""


def test_frame_sent_on_one_end_is_received_on_the_other(near: Port, far: Port) -> None:
    """It arrives octet for octet, with the kernel's time stamp."""
    sent = near.send(DATAGRAM)
    received = far.receive(Deadline.after(Wait.NEIGHBOUR))
    assert received is not None
    assert (received.octets, received.sent, received.checksum_pending) == (DATAGRAM, False, False)
    # Not before <= after: the wall clock may be set back a little between the two.
    assert received.at == pytest.approx(sent.at, rel=0, abs=CLOCK_STEP)
    assert sent.at == pytest.approx(time.time(), rel=0, abs=CLOCK_STEP)


def test_port_keeps_what_it_sent_and_read_in_order(near: Port, far: Port) -> None:
    """Frames it sent are marked, and are not received again."""
    sent = near.send(DATAGRAM)
    answer = far.send(DATAGRAM[::-1][:12] + DATAGRAM[12:])
    received = near.receive(Deadline.after(Wait.NEIGHBOUR))
    assert received is not None
    assert list(near.frames) == [sent, received]
    assert (received.octets, near.pending()) == (answer.octets, [])


def test_port_keeps_the_last_frames_and_counts_the_rest(cable: str) -> None:
    """The memory of a load generator's port must be bounded."""
    port = Port("near", OWN, namespace=cable, frames_kept=2)
    sent = [port.send(DATAGRAM) for _ in range(5)]
    port.close()
    assert (list(port.frames), port.dropped) == (sent[-2:], 3)


def test_filter_keeps_other_frames_out(near: Port, far: Port) -> None:
    """Only ARP, ICMP and UDP, which firmware uses, are received."""
    near.send(EXPERIMENT)
    near.send(DATAGRAM)
    collected = far.collect(Deadline.after(Wait.NEIGHBOUR), lambda frame: frame.octets == DATAGRAM)
    assert [frame.octets for frame in collected] == [DATAGRAM]


def test_port_without_a_filter_receives_everything(cable: str, near: Port) -> None:
    """It is promiscuous, as a capture needs, although the MAC is the interface's own."""
    far = Port("far", OTHER, namespace=cable, bpf=EVERYTHING)
    near.send(EXPERIMENT)
    received = far.receive(Deadline.after(Wait.NEIGHBOUR))
    far.close()
    assert received is not None
    assert received.octets == EXPERIMENT


def test_collecting_ends_with_the_frame_it_is_about(near: Port, far: Port) -> None:
    """Later frames remain for the next call."""
    for octets in (EXPERIMENT, DATAGRAM, DATAGRAM + b"2", DATAGRAM + b"3"):
        near.send(octets)
    collected = far.collect(Deadline.after(Wait.NEIGHBOUR), lambda frame: frame.octets.endswith(b"2"))
    assert [frame.octets for frame in collected] == [DATAGRAM, DATAGRAM + b"2"]
    last = far.receive(Deadline.after(Wait.NEIGHBOUR))
    assert last is not None
    assert last.octets == DATAGRAM + b"3"


def test_pending_frames_are_taken_without_waiting(far: Port) -> None:
    """Without traffic it returns at once, with none."""
    started = time.monotonic()
    assert far.pending() == []
    assert time.monotonic() - started < Wait.NEIGHBOUR.total_seconds()


@pytest.mark.parametrize("offload", [False, True])
def test_checksum_left_to_the_card_is_marked(offload: bool, cable: str, far: Port) -> None:
    """Without offload every checksum is filled in; with offload the kernel marks the missing one."""
    add_address(LinkEnd(cable, "near"), IPv4Interface("10.0.0.1/24"))
    in_namespace(cable, lambda: broadcast(offload))
    received = far.receive(Deadline.after(Wait.NEIGHBOUR))
    assert received is not None
    datagram = dissect(received)
    assert datagram is not None
    assert received.checksum_pending is offload
    assert datagram.udp_checksum is (Checksum.PENDING if offload else Checksum.VALID)


def test_silence_ends_with_the_deadline(far: Port) -> None:
    """The result is None, not an error."""
    assert far.receive(Deadline.after(Wait.GRACE)) is None


@pytest.mark.parametrize("mac,bpf,wanted", [(OWN, "udp", 0), (OTHER, "udp", 1), (OWN, EVERYTHING, 1)])
def test_port_is_promiscuous_if_it_has_to_receive_frames_to_others(
    mac: MacAddress, bpf: str, wanted: int, cable: str
) -> None:
    """It is so with another MAC than the interface's, or without a filter, until it is closed."""
    port = Port("near", mac, namespace=cable, bpf=bpf)
    during = promiscuity(cable, "near")
    port.close()
    assert (during, promiscuity(cable, "near")) == (wanted, 0)


def test_port_on_no_interface_is_an_error_that_leaves_no_socket(namespace: str) -> None:
    """An open socket would cause a ResourceWarning, and warnings are errors here."""
    with pytest.raises(OSError, match="No such device"):
        Port("none", OWN, namespace=namespace)
