"""Which frames reach a client as its answer, and what is recorded of the rest."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Any, Final

import pytest

from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.host.wire.frame import Frame, udp_frame
from edgeboot.node.exchange import Reply
from edgeboot.node.matching import Mismatch, has_same_xid, read, reply_to
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


@pytest.mark.parametrize(
    "received,difference",
    [
        (frame(xid=REQUEST.xid ^ 1), f"xid {replace(REQUEST, xid=REQUEST.xid ^ 1).shown_xid}"),
        (frame(chaddr=OTHER), f"chaddr {OTHER}"),
        (frame(to=OTHER), f"destination MAC {OTHER}"),
        (frame(port=4011), "destination port 4011"),
        (frame(tag=TAG), "the tag of VLAN 99"),
    ],
    ids=["xid", "chaddr", "MAC", "port", "VLAN"],
)
def test_offer_firmware_would_drop_is_a_mismatch(received: Frame, difference: str) -> None:
    """The reason says which field is wrong, and who sent it."""
    assert read(REQUEST, received) == Mismatch(f"a DHCPOFFER with {difference} from {SERVER} ({SERVER_MAC})")


@pytest.mark.covers("EDK2-PXE-4011")
def test_client_that_asks_from_port_4011_listens_there_alone() -> None:
    """What comes to port 68 then is told, and is no answer."""
    assert isinstance(read(REQUEST, frame(port=4011), port=4011), Reply)
    dropped = read(REQUEST, frame(port=68), port=4011)
    assert dropped == Mismatch(f"a DHCPOFFER with destination port 68 from {SERVER} ({SERVER_MAC})")


def test_malformed_message_of_a_server_is_a_mismatch() -> None:
    """It is no answer to anybody; whoever debugs the server wants to know that it came."""
    octets = udp_frame(SERVER_MAC, BROADCAST, (SERVER, 67), (EVERYBODY, 68), b"short")
    found = read(REQUEST, Frame(octets, 0.0))
    assert isinstance(found, Mismatch)
    assert found.reason.startswith("a malformed message (")


def test_own_message_of_the_client_is_no_mismatch() -> None:
    """A bridge may bring it back."""
    ends = ((IPv4Address(0), 68), (EVERYBODY, 67))
    own = Frame(udp_frame(REQUEST.chaddr, BROADCAST, *ends, REQUEST.encode()), 0.0)
    assert read(REQUEST, own) is None


def test_reply_matched_by_xid_may_be_for_another_client_but_not_tagged() -> None:
    """A malformed message may carry no chaddr; a tagged frame reaches no client at all."""
    assert isinstance(read(REQUEST, frame(chaddr=OTHER, port=67), has_same_xid), Reply)
    assert isinstance(read(REQUEST, frame(tag=TAG), has_same_xid), Mismatch)


def test_frame_is_decoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it is no answer: other clients' traffic must not cost twice."""
    decode = DhcpMessage.decode
    decoded: list[bytes] = []

    def counting(payload: bytes) -> DhcpMessage:
        decoded.append(payload)
        return decode(payload)

    monkeypatch.setattr(DhcpMessage, "decode", counting)
    assert isinstance(read(REQUEST, frame(xid=REQUEST.xid ^ 1)), Mismatch)
    assert len(decoded) == 1
