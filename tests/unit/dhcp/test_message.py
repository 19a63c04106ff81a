"""One DHCP message: its bytes and its fields say the same."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.dhcp import BOOTP, DHCP

from edgeboot.dhcp.message import (
    BROADCAST_FLAG,
    HEADER_LENGTH,
    MINIMUM_LENGTH,
    DhcpMessage,
    MalformedMessage,
    option,
)
from edgeboot.dhcp.options import DhcpOption, Options
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from tests.unit.samples import ADDRESSES, CONTRACT, MACS, NODE, OFFER, OPTIONS, XID, message, promised

ANY_MESSAGE: Final = st.builds(
    DhcpMessage,
    op=st.sampled_from([1, 2]),
    xid=st.integers(0, 2**32 - 1),
    chaddr=MACS,
    options=st.builds(Options, st.lists(OPTIONS, max_size=8).map(tuple)),
    secs=st.integers(0, 2**16 - 1),
    flags=st.integers(0, 2**16 - 1),
    ciaddr=ADDRESSES,
    yiaddr=ADDRESSES,
    siaddr=ADDRESSES,
    giaddr=ADDRESSES,
    sname=st.binary(max_size=64),
    file=st.binary(max_size=128),
)


@given(ANY_MESSAGE)
def test_what_is_encoded_is_decoded_again(sent: DhcpMessage) -> None:
    """Every field survives encoding, in at least BOOTP's 300 octets; names are padded to their fields."""
    payload = sent.encode()
    assert len(payload) >= MINIMUM_LENGTH
    padded = replace(sent, sname=sent.sname.ljust(64, b"\0"), file=sent.file.ljust(128, b"\0"))
    assert DhcpMessage.decode(payload) == replace(padded, length=len(payload))


@pytest.mark.parametrize("name,most", [("sname", 64), ("file", 128)])
def test_name_longer_than_its_field_is_refused(name: str, most: int) -> None:
    """It is an error, because a truncated name would be a different name."""
    with pytest.raises(ValueError, match=f"^{name} has {most + 1} octets; it holds at most {most}$"):
        message(OFFER, **{name: b"x" * (most + 1)}).encode()


def test_overloaded_options_are_encoded_where_they_came_from() -> None:
    """Decoding and encoding again gives the same message, with no option repeated."""
    file = option(Code.BOOTFILE_NAME, b"a.efi\0").encode() + b"\xff"
    received = DhcpMessage.decode(message(OFFER, option(Code.OPTION_OVERLOAD, 1), file=file).encode())
    assert DhcpMessage.decode(received.encode()) == received
    assert received.options.repeated == {}


@given(st.binary(max_size=HEADER_LENGTH - 1))
def test_fewer_octets_than_a_header_are_malformed(payload: bytes) -> None:
    """The error states the number of octets and the minimum."""
    with pytest.raises(MalformedMessage, match=f"^{len(payload)} octets .* of {HEADER_LENGTH}$"):
        DhcpMessage.decode(payload)


@given(st.binary(min_size=HEADER_LENGTH, max_size=HEADER_LENGTH), st.binary())
def test_any_header_with_anything_behind_it_is_read(header: bytes, area: bytes) -> None:
    """Any other format error is kept in the message, with its faults."""
    decoded = DhcpMessage.decode(header + area)
    assert decoded.length == HEADER_LENGTH + len(area)
    assert decoded.name


def test_scapy_reads_the_same_options() -> None:
    """An independent parser, scapy's, agrees with the encoding."""
    options = BOOTP(promised(CONTRACT).encode())[DHCP].options
    assert ("message-type", 2) in options
    assert ("server_id", str(CONTRACT.server_identifier)) in options
    assert ("lease_time", 43200) in options
    assert ("boot-file-name", b"signed_ipxe.efi\0") in options


@pytest.mark.parametrize(
    "data,message_type",
    [(b"\x02", MessageType.DHCPOFFER), (b"\x05\x09", MessageType.DHCPACK), (b"", None), (b"\xfa", None)],
)
def test_message_type_is_option_53(data: bytes, message_type: MessageType | None) -> None:
    """Only the first octet counts; an empty or unknown value gives None."""
    assert message(option(Code.DHCP_MESSAGE_TYPE, data)).message_type is message_type


@pytest.mark.parametrize(
    "sent,name",
    [
        (message(OFFER), "DHCPOFFER"),
        (message(), "BOOTREPLY"),
        (NODE.discover(XID), "DHCPDISCOVER"),
        (DhcpMessage(1, XID, NODE.mac), "BOOTREQUEST"),
    ],
    ids=["offer", "reply without a type", "discover", "request without a type"],
)
def test_message_is_named_by_its_type_or_else_its_op(sent: DhcpMessage, name: str) -> None:
    """A message without option 53 is a BOOTP message."""
    assert sent.name == name


@pytest.mark.parametrize("flags,wants", [(0, False), (BROADCAST_FLAG, True), (0x7FFF, False), (0xFFFF, True)])
def test_broadcast_flag_is_the_topmost_bit(flags: int, wants: bool) -> None:
    """The other fifteen bits are ignored."""
    assert message(flags=flags).wants_broadcast is wants


@pytest.mark.parametrize(
    "made,data",
    [
        (option(Code.BOOTFILE_NAME, b"a\0"), b"a\0"),
        (option(Code.ROUTER, IPv4Address("192.168.99.10")), bytes((192, 168, 99, 10))),
        (option(Code.DHCP_MESSAGE_TYPE, 1), b"\x01"),
        (option(Code.IP_ADDRESS_LEASE_TIME, 43200, size=4), b"\0\0\xa8\xc0"),
    ],
)
def test_option_is_made_from_octets_address_or_number(made: DhcpOption, data: bytes) -> None:
    """Numbers are encoded in network byte order."""
    assert made.data == data
