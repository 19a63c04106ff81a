"""What clients have of each other: addresses given back that are not offered, and those announced by ARP."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.dhcp.message import option
from edgeboot.dhcp.options import Options
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire.frame import Frame, udp_frame
from edgeboot.report.capture_clients.stories import stories
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from tests.unit.report.capture_clients.captured import clients_of
from tests.unit.report.capture_clients.test_beside import ADDRESS, OTHER, PROMISED, arp, of, told
from tests.unit.report.captured import BEGAN, from_node, from_server
from tests.unit.samples import EVERYBODY, NODE, SERVER, XID

ELSE: Final = IPv4Address("192.168.99.150")
STATIC: Final = MacAddress.parse("52:54:00:12:34:99")
BACK: Final = from_node(NODE.release(XID, ADDRESS, SERVER), 1.0)
NO_OPTIONS: Final = OTHER.discover(XID + 1)
ASKING: Final = replace(
    NO_OPTIONS,
    options=Options((*NO_OPTIONS.options.entries, option(Code.REQUESTED_IP_ADDRESS, ADDRESS))),
)


def asking(at: float) -> Frame:
    """Another machine asks for the address."""
    return from_node(ASKING, at)


def offered(address: IPv4Address, at: float, xid: int = XID + 1) -> Frame:
    """What it is offered."""
    return from_server(replace(of(OTHER, PROMISED, xid), yiaddr=address), at)


def test_address_that_was_given_back_and_is_not_offered_is_told() -> None:
    """Both causes are named: packets do not tell them apart."""
    sentence = told(BACK, asking(1.5), offered(ELSE, 1.6))[Kind.NOT_FREE_AGAIN]
    assert f"asks for {ADDRESS} (option 50), which {NODE.mac} gave back 0.5 s before" in sentence
    assert "the DHCPRELEASE has not reached the server, or the server does not heed" in sentence


def test_address_that_was_given_back_and_is_offered_is_not_told() -> None:
    """Nothing is wrong with it."""
    assert told(BACK, asking(1.5), offered(ADDRESS, 1.6)) == {}


def test_address_that_was_given_back_long_ago_may_be_another_machines() -> None:
    """Its lease may have passed where this capture does not see it."""
    assert told(BACK, asking(90.0), offered(ELSE, 90.1)) == {}


def test_address_that_its_machine_has_again_is_not_free() -> None:
    """It was offered it anew."""
    again = from_node(NODE.discover(XID + 2), 1.2), from_server(replace(PROMISED, xid=XID + 2), 1.3)
    assert Kind.NOT_FREE_AGAIN not in told(BACK, *again, asking(1.5), offered(ELSE, 1.6))


def test_servers_message_that_comes_from_a_clients_port_is_no_relays_copy() -> None:
    """The answer to it would seem to answer the DHCPDISCOVER otherwise."""
    ends = ((IPv4Address(0), CLIENT_PORT), (EVERYBODY, SERVER_PORT))
    sent = udp_frame(STATIC, BROADCAST, *ends, of(OTHER, PROMISED, XID + 1).encode())
    frames = (asking(1.0), offered(PROMISED.yiaddr, 1.1), Frame(sent, BEGAN + 1.2))
    [found] = (each.traffic.messages for each in stories(clients_of(frames)))
    assert [each.datagram.source_port for each in found] == [CLIENT_PORT, SERVER_PORT, CLIENT_PORT]


def test_address_that_another_machine_announces_by_arp_is_told() -> None:
    """A machine with a static address in the pool."""
    announced = arp(0.0, STATIC, ADDRESS, ADDRESS)
    assert (
        f"{STATIC} has it by ARP"
        in told(announced, asking(1.5), offered(ADDRESS, 1.6))[Kind.ADDRESS_CONFLICT]
    )


def test_address_that_the_machine_itself_announces_is_its_own() -> None:
    """As after every DHCPACK."""
    assert told(asking(1.5), offered(ADDRESS, 1.6), arp(2.0, OTHER.mac, ADDRESS, ADDRESS)) == {}


@pytest.mark.parametrize("address, at, kinds", [(ADDRESS, 3.1, 1), (ELSE, 3.1, 0), (ADDRESS, 90.0, 0)])
def test_address_that_was_declined_is_not_offered_again_soon(
    address: IPv4Address, at: float, kinds: int
) -> None:
    """Whoever has it is there still; a minute later somebody may have looked after it."""
    again = from_node(NODE.discover(XID + 2), at - 0.1)
    offer = from_server(replace(of(NODE, PROMISED, XID + 2), yiaddr=address), at)
    found = told(from_node(NODE.decline(XID, ADDRESS, SERVER), 1.0), again, offer)
    assert [each for each in found if each is Kind.DECLINED_AGAIN] == [Kind.DECLINED_AGAIN] * kinds
