"""On a segment that is not ours nothing ruder than agreed leaves a port, and every lease is written down."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.message import DhcpMessage, option
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT, MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.labs.orchestrator.lease_records import LeaseHolder, LeaseSource, RecordedLease
from edgeboot.labs.orchestrator.send_policy import PolicyViolation, SendPolicy
from edgeboot.machine.journal import Journal
from edgeboot.machine.wire.frame import udp_frame
from tests.unit.samples import EVERYBODY, NODE, SERVER, SERVER_MAC, XID, message, reply

ADDRESS: Final = IPv4Address("192.168.99.131")
STRANGER: Final = EdgeNodeIdentity.numbered(1).mac.packed.replace(b"\x02\xeb", b"\x52\x54")
ANYBODY: Final = IPv4Address("0.0.0.0")  # noqa: S104 - a client without an address
WHENCE: Final = LeaseSource(SERVER, SERVER_MAC, "ebabcdefn1", "virbr1")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """Of a run whose leases nobody gives back: no port of that name is there."""
    with Journal("send_policy", tmp_path) as journal:
        yield journal


def send_policy(journal: Journal, *, budget: int = 2, disruptive: bool = False) -> SendPolicy:
    """With a pace that no test feels."""
    return SendPolicy(
        budget=budget,
        rate=100_000,
        disruptive=disruptive,
        journal=journal,
        entry=lambda holder, address: RecordedLease(address, holder, WHENCE),
    )


def frame(sent: DhcpMessage, mac: MacAddress = NODE.mac) -> bytes:
    """A client's broadcast."""
    return udp_frame(mac, BROADCAST, (ANYBODY, CLIENT_PORT), (EVERYBODY, SERVER_PORT), sent.encode())


def request(number: int = 1) -> DhcpMessage:
    """A node's DHCPREQUEST for an address of its own."""
    return EdgeNodeIdentity.numbered(number).select(XID + number, ADDRESS + number, SERVER)


def standing(journal: Journal) -> list[str]:
    """The entries of the journal that were made, and were not struck off."""
    lines = journal.path.read_text().splitlines()
    return [line for line in lines if '"make"' in line and line.replace('"make"', '"kept"') not in lines]


RELEASE: Final = NODE.release(XID, ADDRESS + 1, SERVER)
DECLINE: Final = NODE.decline(XID, ADDRESS + 1, SERVER)
FOREIGN: Final = replace(RELEASE, chaddr=MacAddress(STRANGER))


@pytest.mark.parametrize(
    "octets,says",
    [
        (frame(RELEASE), r"DHCPRELEASE of 192\.168\.99\.132, which 02:eb:00:00:00:01 .* does not hold"),
        (frame(DECLINE), r"DHCPDECLINE of 192\.168\.99\.132, which 02:eb:00:00:00:01 .* does not hold"),
        (frame(FOREIGN), r"DHCPRELEASE in the name of 52:54:00:00:00:01"),
        (
            frame(NODE.discover(XID), MacAddress(STRANGER)),
            r"frame from 52:54:00:00:00:01, which is none of our",
        ),
        (frame(NODE.discover(XID))[:100], "no DHCP message"),
    ],
    ids=["release of no lease", "decline of no lease", "another's release", "another's MAC", "malformed"],
)
def test_rude_frame_is_not_sent(octets: bytes, says: str, journal: Journal) -> None:
    """Unless the segment is said to be the suite's own."""
    with pytest.raises(PolicyViolation, match=says):
        send_policy(journal).before(octets)
    send_policy(journal, disruptive=True).before(octets)


def test_lease_is_written_down_before_it_is_asked_for(journal: Journal) -> None:
    """With everything that giving it back takes; what was given back is struck off."""
    polite = send_policy(journal)
    polite.before(frame(request()))
    [line] = standing(journal)
    written = RecordedLease.from_json(json.loads(line)["fields"])
    assert written == RecordedLease(ADDRESS + 1, LeaseHolder(NODE.mac, None), WHENCE)
    polite.before(frame(RELEASE))
    assert standing(journal) == []


def test_no_more_leases_are_asked_for_than_agreed(journal: Journal) -> None:
    """The third DHCPREQUEST stays unsent while two are held; after a release there is room again."""
    polite = send_policy(journal, budget=2)
    polite.before(frame(request(1)))
    polite.before(frame(request(2), EdgeNodeIdentity.numbered(2).mac))
    with pytest.raises(PolicyViolation, match="2 leases are held, and 02:eb:00:00:00:03"):
        polite.before(frame(request(3), EdgeNodeIdentity.numbered(3).mac))
    polite.before(frame(RELEASE))
    polite.before(frame(request(3), EdgeNodeIdentity.numbered(3).mac))
    assert polite.most == 2


@pytest.mark.parametrize(
    "answer,left", [(MessageType.DHCPNAK, 0), (MessageType.DHCPACK, 1)], ids=["refused", "given"]
)
def test_refused_lease_is_struck_off(answer: MessageType, left: int, journal: Journal) -> None:
    """A DHCPNAK leaves nothing to give back; a DHCPACK does."""
    polite = send_policy(journal)
    polite.before(frame(request()))
    told = replace(message(option(Code.DHCP_MESSAGE_TYPE, answer)), xid=XID + 1)
    polite.heard(reply(told).frame)
    assert len(standing(journal)) == left


def test_what_is_asked_in_another_s_name_is_not_given_back(journal: Journal) -> None:
    """Where anything may be sent, a malformed message may name a stranger: his lease stays his."""
    send_policy(journal, disruptive=True).before(frame(replace(request(), chaddr=MacAddress(STRANGER))))
    assert standing(journal) == []


def test_renewal_counts_no_second_lease(journal: Journal) -> None:
    """The same client asks for the same address again."""
    polite = send_policy(journal)
    polite.before(frame(request()))
    polite.before(frame(NODE.extend(XID, ADDRESS + 1)))
    assert len(standing(journal)) == 1
