"""A port on a real segment: this host's kernel neither answers nor sends there."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Interface
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.base.mac import MacAddress
from edgeboot.host.journal import Journal
from edgeboot.host.links import LinkEnd, add_address, add_veth
from edgeboot.host.namespace import in_namespace
from edgeboot.host.silent_interface import silence
from edgeboot.host.wire.neighbour import Neighbour
from edgeboot.host.wire.port import Port
from edgeboot.labs.orchestrator.attachment import (
    AttachmentKind,
    SegmentAttachment,
    Uplink,
    inspect_uplink,
)

QUIET, LOUD = IPv4Address("10.0.0.1"), IPv4Address("10.0.0.2")
MACS = {"quiet": MacAddress.parse("02:eb:00:00:00:01"), "loud": MacAddress.parse("02:eb:00:00:00:02")}


@pytest.fixture
def ends(namespace: str) -> Iterator[dict[str, Port]]:
    """Two ends of a cable, one of them made as the orchestrator lab makes its ports; both have addresses."""
    made: list[str] = []
    add_veth(LinkEnd(namespace, "quiet"), LinkEnd(namespace, "loud"), mac=MACS["quiet"], prepare=made.append)
    assert made == ["quiet", "loud"], "each end is prepared before it is up"
    in_namespace(namespace, lambda: silence("quiet"))
    for name, address in (("quiet", QUIET), ("loud", LOUD)):
        add_address(LinkEnd(namespace, name), IPv4Interface(f"{address}/24"))
    ports = {name: Port(name, mac, namespace=namespace) for name, mac in MACS.items()}
    yield ports
    for port in ports.values():
        port.close()


def test_kernel_answers_no_arp_at_a_port(ends: dict[str, Port]) -> None:
    """The kernel would answer for the edge node, as it does at an ordinary interface."""
    assert Neighbour.find(ends["quiet"], IPv4Address("10.0.0.3"), LOUD) is not None
    assert Neighbour.find(ends["loud"], IPv4Address("10.0.0.3"), QUIET) is None


def test_kernel_forwards_nothing_from_a_port(ends: dict[str, Port], namespace: str) -> None:
    """The host forwards no packet to an edge node's address, and sends no IPv6."""
    assert ends

    def look(family: str, name: str) -> str:
        path = Path(f"/proc/sys/net/{family}/conf/quiet/{name}")
        return in_namespace(namespace, lambda: path.read_text().strip())

    assert (look("ipv4", "forwarding"), look("ipv6", "disable_ipv6")) == ("0", "1")


def test_many_macs_send_through_the_card_itself() -> None:
    """A macvlan would be given no DHCPOFFER to another address than its own; nothing is made."""
    uplink = Uplink("eth7", AttachmentKind.CARD, MACS["loud"], ())
    attachment = SegmentAttachment(uplink, cast(Journal, SimpleNamespace(run="ab12cd-storm")))
    assert attachment.end_for_many(MACS["quiet"])[0] == LinkEnd(None, "eth7")


@pytest.mark.parametrize(
    "interface,says",
    [
        ("lo", "is the loopback interface"),
        ("no-such", "no such interface; choose from .*lo"),
        ("", "no such"),
    ],
)
def test_interface_that_leads_nowhere_is_refused(interface: str, says: str) -> None:
    """Before anything is made; the error lists the usable interfaces."""
    with pytest.raises(UsageError, match=f"--interface {interface}: {says}"):
        inspect_uplink(interface)
