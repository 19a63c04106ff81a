"""Frames made by filling gaps are those that are built whole."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeboot.dhcp.clients import CLIENTS, EDK2_PXE_X86_64, ClientProfile
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.host.wire.frame import Checksum, Datagram, Frame, dissect
from edgeboot.stress.storm.numbering import identity_of, mac_of, xid_of
from edgeboot.stress.storm.template import FrameTemplate, discover_template, request_template

DISCOVER = discover_template(EDK2_PXE_X86_64, 0x5A)
REQUEST = request_template(EDK2_PXE_X86_64, 0x5A)
NETWORKD = CLIENTS["systemd-networkd"]
HASHED = request_template(NETWORKD, 0x5C)
NUMBERS = st.integers(0, (1 << 24) - 1)
ADDRESSES = st.integers(0, (1 << 32) - 1)


def datagram_of(frame: bytearray) -> Datagram:
    """Its datagram, with the state of its checksums."""
    datagram = dissect(Frame(bytes(frame), 0.0))
    assert datagram is not None
    return datagram


@given(NUMBERS, ADDRESSES, ADDRESSES)
def test_every_checksum_is_right(number: int, address: int, server: int) -> None:
    """A server's kernel drops a datagram with a wrong one."""
    for frame in (DISCOVER.fill(number), REQUEST.fill(number, address, server)):
        datagram = datagram_of(frame)
        assert datagram.udp_checksum is datagram.ip_checksum is Checksum.VALID


def test_a_filled_frame_has_the_nodes_message() -> None:
    """It is the one that the node's identity builds."""
    message = DhcpMessage.decode(datagram_of(DISCOVER.fill(77)).payload)
    built = identity_of(77, EDK2_PXE_X86_64).discover(xid_of(77, 0x5A))
    assert message.options == built.options
    assert (message.xid, message.chaddr) == (built.xid, mac_of(77))


@pytest.mark.parametrize("client", [each for each in CLIENTS.values() if each.retransmission], ids=str)
def test_every_client_with_a_known_patience_has_templates(client: ClientProfile) -> None:
    """A storm of it can be made; the template compares itself with a frame that is built."""
    assert discover_template(client, 1)
    assert request_template(client, 1)


@given(NUMBERS, ADDRESSES)
def test_a_client_identifier_with_a_hash_is_the_nodes(number: int, address: int) -> None:
    """The DUID of systemd-networkd is a hash of the machine; frame and checksum are those of its node."""
    filled = datagram_of(HASHED.fill(number, address, 7))
    built = identity_of(number, NETWORKD).select(xid_of(number, 0x5C), IPv4Address(address), IPv4Address(7))
    assert filled.payload == built.encode()
    assert filled.udp_checksum is Checksum.VALID


def test_frames_that_differ_otherwise_make_no_template() -> None:
    """They would be wrong for each node but the first."""
    with pytest.raises(ValueError, match="differ otherwise"):
        FrameTemplate(lambda number, _address, _server: bytes(60) + (number * number).to_bytes(6, "big"))
