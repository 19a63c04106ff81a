"""What is said to be heard at a bridge or port is heard there, on a real bridge with three machines."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Final

import pytest

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.mac import MacAddress
from edgeboot.host.links import LinkEnd, add_bridge, add_macvlan, add_veth, down
from edgeboot.host.wire.capture.hearing import Hearing, Unheard, hearing
from edgeboot.host.wire.capture.passive import PassiveSource
from edgeboot.host.wire.port import Port
from tests.unit.host.capture.files import FRAME
from tests.unit.host.capture.test_passive import heard

SPANNING_TREE: Final = ("link", "set", "segment", "type", "bridge", "stp_state", "1", "forward_delay", "1500")
MACS: Final = tuple(MacAddress(bytes((2, 0xEB, 0, 0, 0, number))) for number in range(3))


@pytest.fixture
def bridge(namespace: str) -> LinkEnd:
    """A bridge with the ports p0, p1 and p2, behind each of which is a machine."""
    bridge = LinkEnd(namespace, "segment")
    add_bridge(bridge, None)
    for number, mac in enumerate(MACS):
        ends = LinkEnd(namespace, f"m{number}"), LinkEnd(namespace, f"p{number}")
        add_veth(*ends, mac=mac, bridge="segment")
    return bridge


@pytest.fixture
def machines(bridge: LinkEnd) -> Iterator[tuple[Port, ...]]:
    """The machines; the bridge knows already behind which port each is."""
    with ExitStack() as stack:
        ports = tuple(Port(f"m{number}", mac, namespace=bridge.namespace) for number, mac in enumerate(MACS))
        for port in ports:
            stack.callback(port.close)
            port.send(addressed(port.mac, MacAddress(b"\xff" * 6)))
        yield ports


def addressed(source: MacAddress, destination: MacAddress) -> bytes:
    """A datagram to port 68 from one machine to another."""
    return destination.packed + source.packed + FRAME[12:]


def heard_at(bridge: LinkEnd, interface: str, sender: Port, *frames: bytes) -> list[bytes]:
    """Which of a machine's frames are heard there; the last of them is."""
    with PassiveSource(interface, namespace=bridge.namespace, bpf="udp port 68") as source:
        for frame in frames:
            sender.send(frame)
        found: list[bytes] = []
        while frames[-1] not in found:
            found += [packet.octets for packet in heard(source, 1)]
        return found


def test_bridge_hears_what_its_ports_receive(bridge: LinkEnd, machines: tuple[Port, ...]) -> None:
    """A frame to one machine behind another port, too."""
    assert hearing(bridge) == Hearing("segment", "segment", ("p0", "p1", "p2"), ())
    frame = addressed(MACS[0], MACS[1])
    assert heard_at(bridge, "segment", machines[0], frame) == [frame]


def test_port_hears_only_what_passes_it(bridge: LinkEnd, machines: tuple[Port, ...]) -> None:
    """Frames between two other machines do not; frames to everybody do."""
    found = hearing(LinkEnd(bridge.namespace, "p2"))
    assert (found.bridge, found.heard) == ("segment", ("p2",))
    assert [each.interface for each in found.unheard] == ["p0", "p1"]
    assert "not all of p0: its frames to one machine behind another port of segment" in found.sentence
    to_one, to_all = addressed(MACS[0], MACS[1]), addressed(MACS[0], MacAddress(b"\xff" * 6))
    assert heard_at(bridge, "p2", machines[0], to_one, to_all) == [to_all]


def test_port_that_spanning_tree_holds_back_is_not_heard(bridge: LinkEnd, machines: tuple[Port, ...]) -> None:
    """The kernel drops what it receives before the bridge sees it."""
    subprocess.run(["ip", "-n", bridge.namespace or "", *SPANNING_TREE], check=True)
    with down(LinkEnd(bridge.namespace, "p0")):
        pass
    expected = (Unheard("p0", "spanning tree has it listen only"),)
    eventually("p0", lambda: hearing(bridge).unheard == expected or None, Wait.LINK, "look at it with bridge")
    assert hearing(bridge).heard == ("p1", "p2")
    lost, last = addressed(MACS[0], MACS[1]), addressed(MACS[2], MACS[1])
    with PassiveSource("segment", namespace=bridge.namespace, bpf="udp port 68") as source:
        machines[0].send(lost)
        machines[2].send(last)
        assert [packet.octets for packet in heard(source, 1)] == [last]


def test_port_without_a_link_is_named(bridge: LinkEnd) -> None:
    """A machine that is off is not one that says nothing."""
    with down(LinkEnd(bridge.namespace, "p1")):
        found = hearing(bridge)
    assert found.heard == ("p0", "p2")
    assert found.sentence == (
        "segment is a bridge: heard is what its ports receive (p0, p2);"
        " not all of p1: it is disabled: down, or without a link"
    )


def test_macvlans_are_named_with_what_is_below_them(cable: str) -> None:
    """Two on one card hand frames to each other without it."""
    add_macvlan(LinkEnd(cable, "guest"), "near", mac=MACS[0])
    found = hearing(LinkEnd(cable, "near"))
    assert (found.bridge, found.heard) == (None, ("near",))
    assert found.unheard == (Unheard("guest", "macvlan interfaces hand frames to each other without near"),)
    assert found.sentence.startswith("heard is what reaches near: of a switch that mirrors no port")


def test_interface_that_is_not_there_is_named(namespace: str) -> None:
    """As the kernel would say it."""
    with pytest.raises(OSError, match="absent0"):
        hearing(LinkEnd(namespace, "absent0"))
