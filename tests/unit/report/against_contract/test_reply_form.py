"""Replies against RFC 2131: each by what is wrong with it, and nothing of one that is right."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Any, Final

import pytest

from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.base.paths import CONTRACTS
from edgeboot.dhcp.message import BROADCAST_FLAG, DhcpMessage, option
from edgeboot.dhcp.options import DhcpOption, Options
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT, MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire.frame import Frame, udp_frame
from edgeboot.report.against_contract.identifiers import wrong_number_of_addresses
from edgeboot.report.against_contract.reply_form import wrong_form
from edgeboot.report.against_contract.unasked import answered_in_vain, strangers
from edgeboot.report.machine_boot.traffic import MachineTraffic
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.reading import load_contract
from edgeboot.spec.contract.reservations import Reservation
from tests.unit.report.captured import BEGAN, NAK, from_node
from tests.unit.report.machine_boot.diagnoses.frames import left_to_the_card
from tests.unit.samples import CONTRACT, EVERYBODY, NODE, OFFER, SERVER, SERVER_MAC, XID, message, promised

ADDRESS: Final = IPv4Address("192.168.99.100")
PROXY: Final = load_contract(CONTRACTS / "proxydhcp.toml")
RIGHT: Final = replace(promised(CONTRACT), flags=BROADCAST_FLAG)
REFUSED: Final = replace(NAK, flags=BROADCAST_FLAG)
DISCOVER: Final = from_node(NODE.discover(XID, broadcast=True), 0.0)
REQUEST: Final = from_node(NODE.select(XID, ADDRESS, SERVER, broadcast=True), 0.0)


def answer(
    sent: DhcpMessage,
    to: IPv4Address = EVERYBODY,
    mac: MacAddress = BROADCAST,
    port: int = SERVER_PORT,
) -> Frame:
    """A reply, by broadcast unless stated otherwise."""
    octets = udp_frame(SERVER_MAC, mac, (SERVER, port), (to, CLIENT_PORT), sent.encode())
    return Frame(octets, BEGAN + 0.1)


def taken_as(identifier: bytes, number: int, address: IPv4Address = ADDRESS) -> tuple[Frame, Frame]:
    """A DHCPREQUEST by a client identifier, and its DHCPACK."""
    asked = NODE.select(XID + number, address, SERVER)
    options = Options((*asked.options, DhcpOption(Code.CLIENT_IDENTIFIER, identifier)))
    kind = option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPACK)
    ack = replace(message(kind, option(Code.SERVER_IDENTIFIER, SERVER)), yiaddr=address, xid=XID + number)
    return from_node(replace(asked, options=options), float(number)), answer(ack)


DAMAGED: Final = answer(RIGHT).octets[:102] + b"x" + answer(RIGHT).octets[103:]
"""Another octet in sname, which nobody reads here."""


def fields(*frames: Frame, contract: Contract = CONTRACT) -> set[str]:
    """The fields of what is found."""
    return {each.field for each in wrong_form(MachineTraffic(NODE.mac, frames), contract)}


def test_nothing_is_found_in_a_reply_that_is_right() -> None:
    """Broadcast, as its client has asked."""
    assert fields(DISCOVER, answer(RIGHT)) == set()


@pytest.mark.parametrize(
    "change,field",
    [
        ({"flags": 0}, "flags"),
        ({"ciaddr": ADDRESS}, "ciaddr"),
        ({"giaddr": SERVER}, "giaddr"),
        ({"xid": XID + 1}, "xid"),
    ],
)
def test_header_that_is_not_its_requests_is_found(change: dict[str, Any], field: str) -> None:
    """By the name of the field."""
    assert fields(DISCOVER, answer(replace(RIGHT, **change))) == {field}


@pytest.mark.parametrize(
    "frame,field",
    [
        (answer(RIGHT, to=ADDRESS), "destination"),
        (answer(RIGHT, mac=MacAddress.parse("02:de:ad:00:00:01")), "destination"),
        (answer(RIGHT, port=6767), "source_port"),
        (replace(answer(RIGHT), octets=DAMAGED), "udp_checksum"),
    ],
    ids=["to its address", "to nobody", "source port", "checksum"],
)
def test_reply_that_a_client_does_not_hear_is_found(frame: Frame, field: str) -> None:
    """Whatever is in it."""
    assert fields(DISCOVER, frame) == {field}


def test_checksum_left_to_the_card_is_found_only_where_the_client_did_not_hear() -> None:
    """Captured at the server itself it is filled in later; a client on the same machine drops it."""
    offer, request = left_to_the_card(answer(RIGHT)), replace(REQUEST, at=BEGAN + 1)
    assert fields(DISCOVER, offer) == {"udp_checksum"}
    assert fields(DISCOVER, offer, request) == set()


def test_refusal_without_a_reason_and_with_a_boot_server_is_found() -> None:
    """A DHCPNAK names no address, and says why."""
    assert fields(REQUEST, answer(REFUSED)) == {"option 56", "siaddr"}


def test_address_that_was_not_asked_for_is_found_in_an_acknowledgement() -> None:
    """The DHCPREQUEST has it in option 50."""
    kind = option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPACK)
    ack = replace(message(kind, option(Code.SERVER_IDENTIFIER, SERVER)), yiaddr=ADDRESS + 1)
    assert fields(REQUEST, answer(replace(ack, flags=BROADCAST_FLAG))) == {"address"}


def test_answer_to_a_release_is_found() -> None:
    """It has none (RFC 2131 section 4.3.4)."""
    release = from_node(NODE.release(XID, ADDRESS, SERVER), 0.0)
    [found] = answered_in_vain(MachineTraffic(NODE.mac, (release, answer(RIGHT))), CONTRACT)
    assert (found.field, found.received) == ("answer", "DHCPOFFER")


def test_answer_for_another_server_is_found() -> None:
    """The client has taken that one's offer."""
    other = from_node(NODE.select(XID, ADDRESS, SERVER + 1), 0.0)
    [found] = answered_in_vain(MachineTraffic(NODE.mac, (other, answer(REFUSED))), CONTRACT)
    assert f"takes the offer of {SERVER + 1}" in str(found)


def test_addresses_of_a_machine_are_counted_only_by_its_identifiers() -> None:
    """One that asks without any is known by its MAC address."""
    assert (
        list(wrong_number_of_addresses(MachineTraffic(NODE.mac, (DISCOVER, answer(RIGHT))), CONTRACT)) == []
    )


def test_offer_beside_the_one_that_was_asked_for_answers_another_message() -> None:
    """The client's own, which passed before the capture began: its DHCPDISCOVER here has its offer."""
    assert fields(DISCOVER, answer(RIGHT), answer(replace(RIGHT, xid=XID + 1))) == set()


def test_answer_of_a_proxy_dhcp_goes_to_everybody_where_its_client_asks_so() -> None:
    """A client that has its address asks for a boot server; of a lease, the answer goes to that address."""
    asks = replace(NODE.select(XID, ADDRESS, SERVER, broadcast=True), ciaddr=ADDRESS)
    kind, of_server = (
        option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPACK),
        option(Code.SERVER_IDENTIFIER, SERVER),
    )
    ack = replace(message(kind, of_server), yiaddr=ADDRESS, flags=BROADCAST_FLAG)
    frames = (from_node(asks, 0.0), answer(ack))
    assert fields(*frames) == {"destination"}
    assert fields(*frames, contract=PROXY) == set()


def test_identifiers_of_a_machine_share_the_address_that_is_reserved_for_it() -> None:
    """Without a reservation, each has an address of its own where a boot takes two."""
    several = CONTRACT.model_copy(update={"addresses_per_boot": 2})
    reserved = several.model_copy(update={"reservations": (Reservation(mac=NODE.mac, address=ADDRESS),)})
    traffic = MachineTraffic(NODE.mac, (*taken_as(b"\1one", 1), *taken_as(b"\2two", 2)))
    [found] = wrong_number_of_addresses(traffic, several)
    assert (found.field, found.received) == ("addresses_per_boot", 1)
    assert list(wrong_number_of_addresses(traffic, reserved)) == []


def test_more_addresses_than_the_contract_says_are_found() -> None:
    """A machine whose programs have different identifiers takes one for each."""
    frames = (*taken_as(b"\1one", 1), *taken_as(b"\2two", 2, ADDRESS + 1))
    one = CONTRACT.model_copy(update={"addresses_per_boot": 1})
    [found] = wrong_number_of_addresses(MachineTraffic(NODE.mac, frames), one)
    assert (found.expected, found.received) == (1, 2)


def test_server_that_the_contract_does_not_know_is_found() -> None:
    """Also where its answer comes too late for what it answers."""
    stranger = replace(message(OFFER, option(Code.SERVER_IDENTIFIER, SERVER + 1)), xid=XID + 7)
    octets = udp_frame(SERVER_MAC, BROADCAST, (SERVER + 1, 67), (EVERYBODY, CLIENT_PORT), stranger.encode())
    traffic = MachineTraffic(NODE.mac, (DISCOVER, Frame(octets, BEGAN + 9)))
    [found] = strangers(traffic, CONTRACT)
    assert found.received == SERVER + 1
