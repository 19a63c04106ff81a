"""What reaches a client as its answer, and what is told of the rest."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Any, Final

import pytest

from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.machine.wire.frame import Frame, udp_frame
from edgeboot.node.matching import mismatch, reply_to
from tests.unit.samples import EVERYBODY, OFFER, SERVER, SERVER_MAC, message

REQUEST: Final = EdgeNodeIdentity.numbered(7).discover(0x0A0B0C0D)
OFFERED: Final = replace(message(OFFER), xid=REQUEST.xid, chaddr=REQUEST.chaddr)
OTHER: Final = MacAddress.parse("02:de:ad:00:00:01")
TAG: Final = b"\x81\x00\x00\x63"


def frame(*, to: MacAddress = BROADCAST, port: int = 68, tag: bytes = b"", **changes: Any) -> Frame:
    """The offer with something else about it."""
    message = replace(OFFERED, **changes).encode()
    octets = udp_frame(SERVER_MAC, to, (SERVER, 67), (EVERYBODY, port), message)
    return Frame(octets[:12] + tag + octets[12:], 0.0)


@pytest.mark.parametrize("to", [BROADCAST, REQUEST.chaddr], ids=["everybody", "the client"])
def test_offer_that_reaches_the_client_is_its_answer(to: MacAddress) -> None:
    """By broadcast or to its own MAC, with its xid and chaddr."""
    assert reply_to(REQUEST, frame(to=to)) is not None
    assert mismatch(REQUEST, frame(to=to)) is None


@pytest.mark.parametrize(
    "heard,told",
    [
        (frame(xid=REQUEST.xid ^ 1), f"xid {REQUEST.xid ^ 1:#010x}"),
        (frame(chaddr=OTHER), f"chaddr {OTHER}"),
        (frame(to=OTHER), f"destination MAC {OTHER}"),
        (frame(port=4011), "destination port 4011"),
        (frame(tag=TAG), "the tag of VLAN 99"),
    ],
    ids=["xid", "chaddr", "MAC", "port", "VLAN"],
)
def test_offer_firmware_would_drop_is_no_answer_but_told(heard: Frame, told: str) -> None:
    """With what is wrong with it, and from whom it came."""
    assert reply_to(REQUEST, heard) is None
    assert mismatch(REQUEST, heard) == f"a DHCPOFFER with {told} from {SERVER} ({SERVER_MAC})"


def test_malformed_message_of_a_server_is_told() -> None:
    """It is no answer to anybody; whoever debugs the server wants to know that it came."""
    octets = udp_frame(SERVER_MAC, BROADCAST, (SERVER, 67), (EVERYBODY, 68), b"short")
    told = mismatch(REQUEST, Frame(octets, 0.0))
    assert told is not None
    assert told.startswith("a malformed message (")


def test_client_s_own_message_is_not_told() -> None:
    """A bridge may bring it back."""
    ends = ((IPv4Address(0), 68), (EVERYBODY, 67))
    assert (
        mismatch(REQUEST, Frame(udp_frame(REQUEST.chaddr, BROADCAST, *ends, REQUEST.encode()), 0.0)) is None
    )
