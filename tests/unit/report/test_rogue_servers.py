"""Rogue servers, and the clues to what they probably are."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.message import DhcpMessage, option
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.node.exchange import Reply
from edgeboot.report.rogue_servers import rogue_replies
from edgeboot.spec.contract.segment import Segment
from tests.unit.samples import CONTRACT, OFFER, SERVER, SERVER_MAC, exchange, message, promised, reply

BRIDGE: Final = IPv4Address("192.168.99.1")
ROUTER: Final = IPv4Address("192.168.99.254")
OTHER: Final = IPv4Address("192.168.99.66")
CONTRACT_WITH_ROUTER: Final = CONTRACT.model_copy(update={"routers": (ROUTER,)})
SEGMENT: Final = Segment(CONTRACT_WITH_ROUTER, SERVER_MAC, BRIDGE)
OWN: Final = reply(promised(CONTRACT))
FOREIGN: Final = MacAddress.parse("00:11:22:33:44:55")
VIRTUAL: Final = MacAddress.parse("52:54:00:66:66:66")


def reply_of(
    address: IPv4Address, mac: MacAddress, sent: DhcpMessage | None = None, after: float = 0.002
) -> Reply:
    """An offer from another machine, which names itself as the server."""
    offer = sent or message(OFFER, option(Code.SERVER_IDENTIFIER, address))
    came = reply(offer, after=after, mac=mac)
    return replace(came, datagram=replace(came.datagram, source=address, source_mac=mac))


CLUES: Final = {
    "the node itself": (reply_of(SERVER, SERVER_MAC, message(OFFER)), "a second server on the Orch"),
    "an impostor": (reply_of(SERVER, FOREIGN), "another machine that has taken the address of the server"),
    "libvirt": (reply_of(BRIDGE, VIRTUAL), "libvirt, whose network still has DHCP enabled"),
    "the router": (reply_of(ROUTER, FOREIGN), "the site's router"),
    "a proxy": (
        reply_of(OTHER, FOREIGN, message(OFFER, yiaddr=IPv4Address(0))),
        "another ProxyDHCP",
    ),
    "a virtual machine": (reply_of(OTHER, VIRTUAL), "a virtual machine, by QEMU's MAC prefix"),
    "anybody": (reply_of(OTHER, FOREIGN), f"a machine of the site: look for {FOREIGN}"),
}


def test_server_under_test_is_no_stranger() -> None:
    """It may answer, once, or not at all."""
    assert rogue_replies(exchange(OWN), SEGMENT) == ()
    assert rogue_replies(exchange(), SEGMENT) == ()


@pytest.mark.parametrize("clue", CLUES)
def test_stranger_is_told_by_the_first_clue_that_fits(clue: str) -> None:
    """Address, MAC, and what its reply says of it."""
    came, probably = CLUES[clue]
    [rogue_reply] = rogue_replies(exchange(OWN, came), SEGMENT)
    assert rogue_reply.reply is came
    assert rogue_reply.probably.startswith(probably)
    assert f"{came.datagram.source} ({came.datagram.source_mac})" in str(rogue_reply)


def test_server_that_answers_twice_is_two_servers() -> None:
    """A second, identical reply from the same address: two processes share the port."""
    [rogue_reply] = rogue_replies(exchange(OWN, replace(OWN)), SEGMENT)
    assert rogue_reply.probably.startswith("a second server on the Orchestrator's node")


@pytest.mark.parametrize(
    "after,when", [(0.001, "3 ms before the server"), (0.006, "2 ms after the server")], ids=str
)
def test_stranger_s_lead_is_told(after: float, when: str) -> None:
    """The first reply decides what firmware boots."""
    [rogue_reply] = rogue_replies(exchange(OWN, reply_of(OTHER, FOREIGN, after=after)), SEGMENT)
    assert when in str(rogue_reply)


def test_stranger_alone_is_told_with_the_server_s_silence() -> None:
    """The node then has only the rogue server's reply."""
    [rogue_reply] = rogue_replies(exchange(reply_of(OTHER, FOREIGN)), SEGMENT)
    assert "the server under test is silent" in str(rogue_reply)


def test_what_a_stranger_offers_is_told() -> None:
    """Address, time, router and file: what a node would be led to."""
    offer = replace(promised(CONTRACT), yiaddr=IPv4Address("192.168.99.210"))
    [rogue_reply] = rogue_replies(exchange(OWN, reply_of(OTHER, FOREIGN, offer)), SEGMENT)
    assert (
        "sends DHCPOFFER 192.168.99.210 for 12:00:00, router 192.168.99.10, "
        "boot file signed_ipxe.efi from 192.168.99.40"
    ) in str(rogue_reply)


@pytest.mark.parametrize(
    "routers,unused_address",
    [((ROUTER,), "192.168.99.253"), ((SERVER,), "192.168.99.254")],
    ids=["a router", "none"],
)
def test_unused_address_is_in_no_contract_term(routers: tuple[IPv4Address, ...], unused_address: str) -> None:
    """It is the highest address outside the pool that the contract does not use."""
    terms = CONTRACT.model_copy(update={"routers": routers})
    assert Segment(terms, SERVER_MAC, BRIDGE).unused_address == IPv4Address(unused_address)


def test_segment_without_an_unused_address_is_an_error() -> None:
    """In a network of two hosts both addresses are in use."""
    terms = CONTRACT.model_copy(
        update={
            "netmask": IPv4Address("255.255.255.252"),
            "server_identifier": BRIDGE + 1,
            "routers": (),
        }
    )
    with pytest.raises(ValueError, match=r"every address of 192\.168\.99\.0/30 is in use"):
        _ = Segment(terms, SERVER_MAC, BRIDGE).unused_address
