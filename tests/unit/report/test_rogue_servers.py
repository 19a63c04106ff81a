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
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.rogue_servers import attributed, rogue_finding, rogue_replies
from edgeboot.spec.contract.segment import Segment
from edgeboot.spec.manifests.cause import Cause
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
    assert rogue_reply.probably.startswith("the same reply twice: a loop, or a second server with the same")


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


SECOND: Final = IPv4Address("192.168.99.11")
AT_SECOND: Final = reply_of(SECOND, SERVER_MAC)
WITH_SECOND: Final = replace(SEGMENT, server_addresses=(SECOND, SERVER))


def test_server_at_another_of_its_addresses_is_no_stranger() -> None:
    """A keepalived address may stand before the one that is expected."""
    assert rogue_replies(exchange(AT_SECOND), WITH_SECOND) == ()
    [second] = rogue_replies(exchange(OWN, AT_SECOND), WITH_SECOND)
    assert second.probably.startswith("a second server on the Orchestrator's node")
    [unknown] = rogue_replies(exchange(AT_SECOND), SEGMENT)
    assert (
        unknown.probably == "the server's own machine, where 192.168.99.11 stands first, or another Pod there"
    )


FOREIGN_REPLY: Final = reply_of(OTHER, FOREIGN)
LINE: Final = Cause("dnsmasq.conf", 4, "dhcp-range=x")


@pytest.mark.parametrize(
    "received,causes,segment,words",
    [
        (FOREIGN_REPLY, (LINE,), SEGMENT, [f"{FOREIGN_REPLY.sender} answers, too: a machine of the site"]),
        (
            AT_SECOND,
            (),
            WITH_SECOND,
            ["the server's interface has the addresses 192.168.99.11,"],
        ),
        (OWN, (LINE,), SEGMENT, ["dnsmasq.conf:4 dhcp-range=x"]),
        (OWN, (), SEGMENT, []),
    ],
    ids=["a stranger's", "the server's other address", "the server's line", "nothing known"],
)
def test_value_from_a_stranger_is_no_line_s(
    received: Reply, causes: tuple[Cause, ...], segment: Segment, words: list[str]
) -> None:
    """The stranger is the cause, and the file of the server under test is left alone."""
    rogues = rogue_replies(exchange(OWN, FOREIGN_REPLY), segment)
    finding = attributed(Finding("routers", (), (), Sender.of(received), causes), rogues, segment)
    assert [str(cause)[: len(word)] for cause, word in zip(finding.causes, words, strict=True)] == words


def test_second_process_at_the_server_s_address_is_told_by_its_reply() -> None:
    """No line of the other's file is blamed for it; a value that a line gives stays that line's."""
    other = reply(replace(promised(CONTRACT), siaddr=OTHER), after=0.01)
    rogues = rogue_replies(exchange(OWN, other), SEGMENT)
    told = attributed(Finding("next_server", SERVER, OTHER, Sender.of(other)), rogues, SEGMENT)
    assert "a second server on the Orchestrator's node: another Pod" in str(told.cause)
    assert attributed(replace(told, causes=(LINE,)), rogues, SEGMENT).causes == (LINE,)


def test_strangers_are_one_finding_with_their_cause() -> None:
    """Who, what, and where to look: as data."""
    finding = rogue_finding(rogue_replies(exchange(OWN, FOREIGN_REPLY), SEGMENT), SEGMENT)
    assert (finding.field, finding.expected, finding.received) == ("servers", 1, (FOREIGN_REPLY.sender,))
    assert str(finding).startswith(f"a rogue server answers: {FOREIGN_REPLY.sender} sends DHCPOFFER")
    assert finding.cause is not None
    assert f"look for {FOREIGN} in the switch's table" in finding.cause.text


def test_of_a_stranger_that_answers_often_one_reply_is_told() -> None:
    """Four replies of one machine are one thing to switch off."""
    twice = rogue_replies(exchange(OWN, FOREIGN_REPLY), SEGMENT) * 2
    assert str(rogue_finding(twice, SEGMENT)).count("sends DHCPOFFER") == 1
    assert "; and 1 further such reply" in str(rogue_finding(twice, SEGMENT))
