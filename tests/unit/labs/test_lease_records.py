"""A lease of a killed run is given back from its journal's entry alone."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.vocabulary import OptionCode
from edgeboot.host.namespace import in_namespace
from edgeboot.host.wire.frame import dissect
from edgeboot.host.wire.port import Port
from edgeboot.labs.orchestrator.lease_records import LeaseHolder, LeaseSource, RecordedLease
from tests.unit.samples import NODE, SERVER, SERVER_MAC

ADDRESS = IPv4Address("192.168.99.131")


@pytest.mark.parametrize("client_id", [None, b"\x01\x02\xeb"], ids=["without", "with"])
@pytest.mark.parametrize("port", ["near", "gone"])
def test_entry_becomes_a_release(port: str, client_id: bytes | None, cable: str) -> None:
    """From the node's MAC to the server's; where the port has gone, from what it stood on."""
    server = Port("far", SERVER_MAC, namespace=cable)
    lease_source = LeaseSource(SERVER, SERVER_MAC, port, "near")
    assert in_namespace(cable, RecordedLease(ADDRESS, LeaseHolder(NODE.mac, client_id), lease_source).undo)
    frame = server.receive(Deadline.after(Wait.NEIGHBOUR))
    server.close()
    datagram = dissect(frame) if frame is not None else None
    assert datagram is not None
    told = DhcpMessage.decode(datagram.payload)
    assert (told.name, told.ciaddr, told.chaddr) == ("DHCPRELEASE", ADDRESS, NODE.mac)
    assert (datagram.source_mac, datagram.destination_mac) == (NODE.mac, SERVER_MAC)
    assert told.options.get(OptionCode.CLIENT_IDENTIFIER) == client_id


def test_entry_without_a_way_to_the_server_is_done(cable: str) -> None:
    """After a power loss the bridge may not be there either: nothing can be given back, and nothing hangs."""
    lease_source = LeaseSource(SERVER, MacAddress.parse("52:54:00:12:34:56"), "gone", "gone-too")
    assert not in_namespace(cable, RecordedLease(ADDRESS, LeaseHolder(NODE.mac, None), lease_source).undo)
