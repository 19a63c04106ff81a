"""Owners of addresses from ARP replies, valid and malformed."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Final

import pytest
from scapy.layers.l2 import ARP, Ether

from edgeboot.base.mac import MacAddress
from edgeboot.host.wire import neighbour
from edgeboot.host.wire.frame import Frame

ADDRESS: Final = IPv4Address("192.168.99.40")
HOST: Final = MacAddress.parse("52:54:00:00:00:28")
HEADER: Final = Ether(src=str(HOST), dst="02:eb:00:00:00:01")
REPLY: Final = bytes(HEADER / ARP(op="is-at", hwsrc=str(HOST), psrc=str(ADDRESS)))
LONGER: Final = bytes(HEADER / ARP(op="is-at", hwlen=8, hwsrc=b"longer..", psrc=str(ADDRESS), hwdst=bytes(8)))


def test_owner_of_an_address_is_the_sender_of_the_reply() -> None:
    """The MAC is that of the ARP message, and only for the requested address."""
    assert neighbour._owner(Frame(REPLY, 0.0), ADDRESS) == HOST
    assert neighbour._owner(Frame(REPLY, 0.0), ADDRESS + 1) is None


@pytest.mark.parametrize(
    "octets",
    [LONGER, REPLY[:13], b""],
    ids=["8 octets of hardware address", "cut", "nothing"],
)
def test_reply_that_is_not_about_ethernet_names_no_owner(octets: bytes) -> None:
    """No frame on the segment raises an exception."""
    assert neighbour._owner(Frame(octets, 0.0), ADDRESS) is None
    assert neighbour._closed_port(Frame(octets, 0.0), ADDRESS, 49152) is None
