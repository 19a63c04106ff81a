"""A reply's fields as firmware reads them, and an exchange that ended otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeboot.base.errors import NotAnswered
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage, option
from edgeboot.dhcp.options import DhcpOption, Options
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from tests.unit.samples import CONTRACT, NO_MASK, NODE, OFFER, SERVER, exchange, message, promised, reply

ACK: Final = option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPACK)
NAK: Final = option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPNAK)
TOLD: Final = reply(promised(CONTRACT))
SILENT: Final = reply(message(NO_MASK, siaddr=UNSPECIFIED))
FIELDS: Final = {
    "server_identifier": Code.SERVER_IDENTIFIER,
    "netmask": Code.SUBNET_MASK,
    "broadcast_address": Code.BROADCAST_ADDRESS,
    "lease_time": Code.IP_ADDRESS_LEASE_TIME,
    "renewal_time": Code.RENEWAL_TIME,
    "rebinding_time": Code.REBINDING_TIME,
}
LISTS: Final = {"routers": Code.ROUTER, "domain_name_servers": Code.DOMAIN_NAME_SERVER}


@pytest.mark.parametrize("field", [*FIELDS, "routers", "next_server", "server_name", "bootfile"])
def test_field_of_a_reply_is_what_the_option_tells(field: str) -> None:
    """The names are the contract's, and so are the values."""
    assert getattr(TOLD, field) == getattr(CONTRACT, field)


@pytest.mark.parametrize("field", [*FIELDS, "next_server", "server_name", "bootfile"])
def test_field_that_was_not_sent_is_none(field: str) -> None:
    """A client then has nothing, and not a zero."""
    assert getattr(SILENT, field) is None


@pytest.mark.parametrize("field,code", FIELDS.items())
@pytest.mark.parametrize("data", [b"", b"\x01", bytes(3), bytes(5)], ids=len)
def test_option_of_the_wrong_length_tells_nothing(field: str, code: Code, data: bytes) -> None:
    """Firmware ignores it, so it must not look like a value here."""
    assert getattr(reply(message(option(code, data))), field) is None


@pytest.mark.parametrize("field,code", LISTS.items())
@pytest.mark.parametrize(
    "data,addresses",
    [
        (None, ()),
        (b"", ()),
        (b"\x0a\0\0\x01", (IPv4Address("10.0.0.1"),)),
        (b"\x0a\0\0\x02\x0a\0\0\x01", (IPv4Address("10.0.0.2"), IPv4Address("10.0.0.1"))),
        (b"\x0a\0\0\x01\x0a", ()),
    ],
)
def test_list_of_addresses_keeps_its_order(
    field: str, code: Code, data: bytes | None, addresses: tuple[IPv4Address, ...]
) -> None:
    """The first is preferred; a list with half an address is none."""
    options = () if data is None else (option(code, data),)
    assert getattr(reply(message(*options)), field) == addresses


@given(st.integers(0, 2**32 - 1))
def test_lease_time_is_read_up_to_infinity(seconds: int) -> None:
    """32 bits without a sign; all ones are what RFC 2131 calls infinite."""
    told = reply(message(option(Code.IP_ADDRESS_LEASE_TIME, seconds, size=4)))
    assert told.lease_time == timedelta(seconds=seconds)


def test_address_and_sender_are_the_datagram_s() -> None:
    """What the node gets, and from whom it came."""
    assert (TOLD.address, TOLD.sender) == (CONTRACT.pool.first, f"{SERVER} (52:54:00:12:34:56)")


@pytest.mark.parametrize("kind", [MessageType.DHCPOFFER, MessageType.DHCPACK])
def test_single_reply_of_the_wanted_type_is_the_answer(kind: MessageType) -> None:
    """``offer`` and ``ack`` return it."""
    answer = reply(message(option(Code.DHCP_MESSAGE_TYPE, kind)))
    found = exchange(answer)
    assert (found.offer if kind is MessageType.DHCPOFFER else found.ack) is answer


@pytest.mark.parametrize(
    "options,received",
    [
        ([], "received nothing within 1.00 s"),
        ([NAK], f"received DHCPNAK of 192.168.99.100 from {SERVER} "),
        ([OFFER, OFFER], f"received 2: DHCPOFFER of 192.168.99.100 from {SERVER} "),
    ],
    ids=["nothing", "another type", "two"],
)
def test_exchange_that_ended_otherwise_says_how(options: list[DhcpOption], received: str) -> None:
    """What was expected, to what, and everything that came instead."""
    with pytest.raises(NotAnswered) as caught:
        _ = exchange(*(reply(message(each)) for each in options)).offer
    assert str(caught.value).startswith(
        f"expected one DHCPOFFER to DHCPDISCOVER xid 0x0a0b0c0d (168496141) of {NODE.mac}, "
    )
    assert received in str(caught.value)


def test_ack_where_an_offer_is_wanted_is_not_taken() -> None:
    """The type decides, not that something came."""
    with pytest.raises(NotAnswered, match=r"expected one DHCPOFFER .* received DHCPACK of"):
        _ = exchange(reply(message(ACK))).offer


def test_round_trip_is_to_the_first_reply() -> None:
    """None where there was no reply."""
    answered = exchange(reply(message(OFFER), after=0.25), reply(message(OFFER), after=0.5))
    assert answered.round_trip == timedelta(seconds=0.25)
    assert exchange().round_trip is None


def test_summary_names_a_request_without_a_type() -> None:
    """A BOOTP client has no option 53."""
    bare = DhcpMessage(1, 1, NODE.mac, Options())
    assert exchange(request=bare).summary == f"BOOTREQUEST xid 0x00000001 (1) of {NODE.mac}"


PROXY_OFFER: Final = message(OFFER, yiaddr=IPv4Address(0))
ADDRESS_OFFER: Final = message(OFFER)


def test_offer_without_an_address_is_a_proxy_s() -> None:
    """yiaddr zero: boot data only (PXE 2.1); a DHCPACK or DHCPNAK without one is none."""
    nak = message(option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPNAK), yiaddr=IPv4Address(0))
    assert [reply(each).is_proxy_offer for each in (PROXY_OFFER, ADDRESS_OFFER, nak)] == [True, False, False]


def test_proxy_s_offer_beside_the_address_s_is_expected_where_it_belongs() -> None:
    """Each is found, whichever came first."""
    for order in ((PROXY_OFFER, ADDRESS_OFFER), (ADDRESS_OFFER, PROXY_OFFER)):
        both = replace(exchange(*map(reply, order)), proxies=1)
        assert both.offer.address == ADDRESS_OFFER.yiaddr
        assert both.proxy_offer.address == IPv4Address(0)


@pytest.mark.parametrize(
    "offers,proxies,expected",
    [
        ((PROXY_OFFER, ADDRESS_OFFER), 0, "expected one DHCPOFFER to"),
        ((ADDRESS_OFFER,), 1, "expected one DHCPOFFER beside 1 without an address to"),
        ((PROXY_OFFER,), 1, "expected one DHCPOFFER beside 1 without an address to"),
        ((ADDRESS_OFFER, ADDRESS_OFFER, PROXY_OFFER), 1, "received 3: DHCPOFFER of"),
        ((ADDRESS_OFFER, PROXY_OFFER, PROXY_OFFER), 1, "received 3: DHCPOFFER of"),
    ],
    ids=["a proxy too many", "no proxy", "no address", "two addresses", "two proxies"],
)
def test_servers_that_do_not_belong_are_no_answer(
    offers: tuple[DhcpMessage, ...], proxies: int, expected: str
) -> None:
    """One more than the segment has, or one fewer, and the offer is not taken."""
    with pytest.raises(NotAnswered, match=expected):
        _ = replace(exchange(*map(reply, offers)), proxies=proxies).offer


def test_proxy_offer_that_did_not_come_is_told() -> None:
    """A segment without its ProxyDHCP boots nobody."""
    with pytest.raises(NotAnswered, match="expected one DHCPOFFER without an address"):
        _ = exchange(reply(ADDRESS_OFFER)).proxy_offer
