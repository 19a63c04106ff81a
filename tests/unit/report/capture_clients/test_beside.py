"""What is wrong beside a client's own way: a lease refused, an address given twice, hosts that are absent."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Final

import pytest
from scapy.layers.l2 import ARP

from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.message import BOOTREQUEST, DhcpMessage, option
from edgeboot.dhcp.options import Options
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT, MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire.frame import Frame, ethernet_header, udp_frame
from edgeboot.report.capture_clients.reading import explained
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from tests.unit.report.capture_clients.captured import clients_of
from tests.unit.report.captured import BEGAN, NAK, from_node, from_server
from tests.unit.report.machine_boot.diagnoses.frames import question
from tests.unit.samples import EVERYBODY, NODE, OFFER, SERVER, SERVER_MAC, XID, message

OTHER: Final = EdgeNodeIdentity.numbered(2)
ADDRESS: Final = IPv4Address("192.168.99.100")
ROUTER: Final = IPv4Address("192.168.99.250")
FROM: Final = option(Code.SERVER_IDENTIFIER, SERVER)
LEASE: Final = option(Code.IP_ADDRESS_LEASE_TIME, 3600, size=4)
ACK: Final = message(
    option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPACK), FROM, LEASE, option(Code.ROUTER, ROUTER)
)
PROMISED: Final = message(OFFER, FROM, LEASE)


def told(*frames: Frame) -> dict[Kind, str]:
    """The sentences of all diagnoses of a capture."""
    return {each.kind: each.sentence for story in explained(clients_of(frames)) for each in story.diagnoses}


def asked(node: EdgeNodeIdentity, at: float, xid: int = XID) -> Frame:
    """A DHCPREQUEST for the address, as of a node that was offered it elsewhere."""
    ends = ((IPv4Address(0), CLIENT_PORT), (EVERYBODY, SERVER_PORT))
    sent = node.select(xid, ADDRESS, SERVER)
    return Frame(udp_frame(node.mac, BROADCAST, *ends, sent.encode()), BEGAN + at)


def of(node: EdgeNodeIdentity, reply: DhcpMessage, xid: int = XID) -> DhcpMessage:
    """The reply as it goes to this node."""
    return replace(reply, chaddr=node.mac, xid=xid)


def arp(
    at: float, sender: MacAddress, source: IPv4Address, target: IPv4Address, op: str = "who-has"
) -> Frame:
    """An ARP message."""
    fields = {"hwsrc": str(sender), "psrc": str(source), "pdst": str(target), "hwdst": str(NODE.mac)}
    return Frame(bytes(ethernet_header(sender, BROADCAST) / ARP(op=op, **fields)), BEGAN + at)


def test_refused_request_for_an_address_that_it_remembers_is_told() -> None:
    """It has no DHCPDISCOVER, so no round tells it."""
    sentence = told(asked(NODE, 0.0), from_server(NAK, 0.1))[Kind.NAK]
    refused = f"{SERVER} ({SERVER_MAC}) refused its DHCPREQUEST by DHCPNAK without a message (option 56)"
    assert sentence.startswith(refused)


def test_refusal_after_which_it_was_given_an_address_is_not_told() -> None:
    """That is how a machine that was carried elsewhere finds its new address."""
    later = (asked(NODE, 1.0, XID + 1), from_server(of(NODE, ACK, XID + 1), 1.1))
    assert Kind.NAK not in told(asked(NODE, 0.0), from_server(NAK, 0.1), *later)


def test_renewal_that_nobody_answers_is_told_after_some_seconds() -> None:
    """Not before: an answer may be on its way."""
    ends = ((ADDRESS, CLIENT_PORT), (SERVER, SERVER_PORT))
    sent = NODE.extend(XID, ADDRESS)
    renewal = Frame(udp_frame(NODE.mac, SERVER_MAC, *ends, sent.encode()), BEGAN)
    later = arp(9.0, SERVER_MAC, SERVER, SERVER)
    assert told(renewal) == {}
    assert told(renewal, later)[Kind.REQUEST_UNANSWERED] == f"1 renewal to {SERVER} had no answer"


def test_address_that_two_machines_were_given_is_told_of_the_second() -> None:
    """Both leases run."""
    frames = (asked(NODE, 0.0), from_server(ACK, 0.1), asked(OTHER, 5.0), from_server(of(OTHER, ACK), 5.1))
    assert f"is {NODE.mac}'s" in told(*frames)[Kind.ADDRESS_GIVEN_TWICE]


def test_address_that_was_given_back_may_be_given_again() -> None:
    """By a DHCPRELEASE of its first owner."""
    back = from_node(NODE.release(XID + 1, ADDRESS, SERVER), 1.0)
    frames = (asked(NODE, 0.0), from_server(ACK, 0.1), back, asked(OTHER, 5.0))
    assert Kind.ADDRESS_GIVEN_TWICE not in told(*frames, from_server(of(OTHER, ACK), 5.1))


def test_router_that_does_not_answer_by_arp_is_told_of_a_client_with_an_address() -> None:
    """It was asked for twice, while another machine's answer is in the capture."""
    boot = (from_node(NODE.discover(XID), 0.0), from_server(PROMISED, 0.1), asked(NODE, 0.2))
    answers = arp(1.0, SERVER_MAC, SERVER, ADDRESS, "is-at")
    asks = (arp(at, NODE.mac, ADDRESS, ROUTER) for at in (2.0, 3.1))
    assert str(ROUTER) in told(*boot, from_server(ACK, 0.3), answers, *asks)[Kind.ROUTER_ABSENT]


def test_two_offers_of_one_server_to_one_message_are_of_two_processes() -> None:
    """They give different addresses."""
    other = replace(PROMISED, yiaddr=ADDRESS + 1)
    frames = (from_node(NODE.discover(XID), 0.0), from_server(PROMISED, 0.1), from_server(other, 0.2))
    assert told(*frames)[Kind.ONE_SERVER_TWICE].endswith("they differ in yiaddr")


def test_messages_without_an_answer_before_one_with_it_are_counted() -> None:
    """Each with an xid of its own: one that is sent again is the same."""
    lost = (from_node(NODE.discover(XID + number), number / 1.0) for number in (1, 2))
    frames = (*lost, from_node(NODE.discover(XID), 5.0), from_server(PROMISED, 5.1))
    assert told(*frames)[Kind.SILENT_AT_FIRST].startswith("2 of its 3 DHCPDISCOVERs had no answer")


def test_another_address_than_the_client_has_is_told() -> None:
    """It asks again as the same client, and its lease runs."""
    xid = XID + 1
    boot = (from_node(NODE.discover(XID), 0.0), from_server(PROMISED, 0.1), asked(NODE, 0.2))
    again = (
        from_node(NODE.discover(xid), 9.0),
        from_server(replace(of(NODE, PROMISED, xid), yiaddr=ROUTER), 9.1),
    )
    assert f"while it has {ADDRESS}" in told(*boot, from_server(ACK, 0.3), *again)[Kind.SEVERAL_ADDRESSES]


def test_two_machines_that_answer_for_one_address_are_named() -> None:
    """Both answer one question."""
    twin = MacAddress.parse("52:54:00:99:99:10")
    boot = (from_node(NODE.discover(XID), 0.0), from_server(PROMISED, 0.1))
    answers = (said(1.0, SERVER_MAC), said(1.1, twin))
    assert f"{SERVER}: {SERVER_MAC} and {twin}" in told(*boot, *answers)[Kind.ADDRESS_CONFLICT]


def said(at: float, mac: MacAddress) -> Frame:
    """The ARP reply to the node that this address has the server's."""
    reply = ARP(op="is-at", hwsrc=str(mac), psrc=str(SERVER), pdst=str(ADDRESS), hwdst=str(NODE.mac))
    return Frame(bytes(ethernet_header(mac, NODE.mac) / reply), BEGAN + at)


def test_reply_with_another_hardware_address_is_told() -> None:
    """It has the client's xid."""
    other = replace(PROMISED, chaddr=OTHER.mac)
    sentence = told(from_node(NODE.discover(XID), 0.0), from_server(other, 0.1))[Kind.DAMAGED_OFFER]
    assert f"of {NODE.mac} by a DHCPOFFER with chaddr {OTHER.mac}" in sentence


def test_address_that_was_declined_is_told_with_the_machine_that_has_it() -> None:
    """The answer to its ARP probe, before it was given another address."""
    before = from_node(NODE.discover(XID), 0.0), from_server(PROMISED, 0.1), asked(NODE, 0.2)
    probed = arp(0.4, NODE.mac, IPv4Address(0), ADDRESS), arp(0.41, OTHER.mac, ADDRESS, ADDRESS, "is-at")
    given_back = from_node(NODE.decline(XID, ADDRESS, SERVER), 0.5)
    sentence = told(*before, from_server(ACK, 0.3), *probed, given_back)[Kind.ADDRESS_CONFLICT]
    assert f"{OTHER.mac} has" in sentence


def test_address_that_a_machine_probes_for_is_no_host_that_it_asks_for() -> None:
    """By an ARP probe it hopes for no answer (RFC 5227 section 2.1.1)."""
    boot = (from_node(NODE.discover(XID), 0.0), from_server(PROMISED, 0.1), asked(NODE, 0.2))
    answers = arp(1.0, SERVER_MAC, SERVER, ADDRESS, "is-at")
    probes = (arp(at, NODE.mac, IPv4Address(0), ROUTER) for at in (2.0, 3.1, 4.2))
    assert Kind.ROUTER_ABSENT not in told(*boot, from_server(ACK, 0.3), answers, *probes)


def test_name_that_nobody_has_is_no_reason_for_a_system() -> None:
    """A search list and WPAD ask for such all day."""
    name = (question(1.0, "wpad.lan"), question(1.1, "wpad.lan", code=3))
    kind = option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPREQUEST)
    system = from_node(DhcpMessage(BOOTREQUEST, XID, NODE.mac, Options((kind, FROM))), 0.0)
    assert told(system, from_server(ACK, 0.1), *name) == {}


@pytest.mark.parametrize("heard, certainty", [(True, Certainty.CERTAIN), (False, Certainty.LIKELY)])
def test_address_is_given_twice_for_certain_where_its_return_would_be_seen(
    heard: bool, certainty: Certainty
) -> None:
    """A DHCPRELEASE goes to the server alone."""
    alone = (question(0.5, "boot.lan"),) if heard else ()
    first = (asked(NODE, 0.0), from_server(ACK, 0.1), *alone)
    second = (asked(OTHER, 5.0), from_server(of(OTHER, ACK), 5.1))
    found = [each for story in explained(clients_of((*first, *second))) for each in story.diagnoses]
    assert [each.certainty for each in found if each.kind is Kind.ADDRESS_GIVEN_TWICE] == [certainty]
