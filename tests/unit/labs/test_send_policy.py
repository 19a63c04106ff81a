"""On a shared segment a port sends only what the policy allows, and every lease is journalled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.errors import LabError
from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.message import DhcpMessage, option
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT, MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.journal import Journal
from edgeboot.host.wire.frame import udp_frame
from edgeboot.labs.orchestrator.lease_records import LeaseHolder, LeaseSource, RecordedLease
from edgeboot.labs.orchestrator.send_policy import PolicyViolation, SendPolicy
from tests.unit.samples import EVERYBODY, NODE, SERVER, SERVER_MAC, XID, message, reply

ADDRESS: Final = IPv4Address("192.168.99.131")
OTHER_MAC: Final = EdgeNodeIdentity.numbered(1).mac.packed.replace(b"\x02\xeb", b"\x52\x54")
ANYBODY: Final = IPv4Address("0.0.0.0")  # noqa: S104 - a client without an address
LEASE_SOURCE: Final = LeaseSource(SERVER, SERVER_MAC, "ebabcdefn1", "eb-no-such-port")
"""Its interfaces do not exist, so that no DHCPRELEASE is sent on a bridge of this machine."""


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """The journal of a run whose leases are not released: no port of that name exists."""
    with Journal("send_policy", tmp_path) as journal:
        yield journal


def send_policy(journal: Journal, *, budget: int = 2, disruptive: bool = False) -> SendPolicy:
    """A policy with a rate limit too high to delay a test."""
    return SendPolicy(
        budget=budget,
        rate=100_000,
        disruptive=disruptive,
        journal=journal,
        entry=_of_nobody,
    )


def frame(sent: DhcpMessage, mac: MacAddress = NODE.mac) -> bytes:
    """A client's broadcast."""
    return udp_frame(mac, BROADCAST, (ANYBODY, CLIENT_PORT), (EVERYBODY, SERVER_PORT), sent.encode())


def request(number: int = 1) -> DhcpMessage:
    """A node's DHCPREQUEST for an address of its own."""
    return EdgeNodeIdentity.numbered(number).select(XID + number, ADDRESS + number, SERVER)


def outstanding(journal: Journal) -> list[str]:
    """The outstanding entries of the journal."""
    lines = journal.path.read_text().splitlines()
    return [line for line in lines if '"make"' in line and line.replace('"make"', '"kept"') not in lines]


def test_lease_that_is_committed_at_once_is_not_asked_for(journal: Journal) -> None:
    """By option 80 a server gives an address that the journal cannot have had before."""
    asking = EdgeNodeIdentity.numbered(1, client=CLIENTS["dhcpcd"]).discover(XID)
    with pytest.raises(PolicyViolation, match="a DHCPDISCOVER with option 80"):
        send_policy(journal).before(frame(asking))


def test_run_without_its_turn_sends_nothing_and_journals_nothing(journal: Journal) -> None:
    """Another run may be on the segment: it has lost its Lease."""

    def lost() -> None:
        raise LabError("Lease orch-infra/edge", "is held by another run now", "wait for its end")

    policy = SendPolicy(
        budget=2, rate=100_000, disruptive=True, journal=journal, entry=_of_nobody, may_send=lost
    )
    with pytest.raises(LabError, match="is held by another run now"):
        policy.before(frame(request()))
    assert outstanding(journal) == []


def _of_nobody(holder: LeaseHolder, address: IPv4Address) -> RecordedLease:
    return RecordedLease(address, holder, LEASE_SOURCE)


RELEASE: Final = NODE.release(XID, ADDRESS + 1, SERVER)
DECLINE: Final = NODE.decline(XID, ADDRESS + 1, SERVER)
FOREIGN: Final = replace(RELEASE, chaddr=MacAddress(OTHER_MAC))


@pytest.mark.parametrize(
    "octets,says",
    [
        (frame(RELEASE), r"DHCPRELEASE of 192\.168\.99\.132, which 02:eb:00:00:00:01 .* does not hold"),
        (frame(DECLINE), r"DHCPDECLINE of 192\.168\.99\.132, which 02:eb:00:00:00:01 .* does not hold"),
        (frame(FOREIGN), r"DHCPRELEASE in the name of 52:54:00:00:00:01"),
        (
            frame(NODE.discover(XID), MacAddress(OTHER_MAC)),
            r"frame from 52:54:00:00:00:01, which is none of our",
        ),
        (frame(NODE.discover(XID))[:100], "no DHCP message"),
    ],
    ids=["release of no lease", "decline of no lease", "another's release", "another's MAC", "malformed"],
)
def test_frame_in_another_name_is_not_sent(octets: bytes, says: str, journal: Journal) -> None:
    """Unless ``disruptive`` allows any frame."""
    with pytest.raises(PolicyViolation, match=says):
        send_policy(journal).before(octets)
    send_policy(journal, disruptive=True).before(octets)


def test_lease_is_written_down_before_it_is_asked_for(journal: Journal) -> None:
    """The entry has all that a release needs; a released lease is no longer outstanding."""
    policy = send_policy(journal)
    policy.before(frame(request()))
    [line] = outstanding(journal)
    written = RecordedLease.from_json(json.loads(line)["fields"])
    assert written == RecordedLease(ADDRESS + 1, LeaseHolder(NODE.mac, None), LEASE_SOURCE)
    policy.before(frame(RELEASE))
    assert outstanding(journal) == []


def test_no_more_leases_are_asked_for_than_agreed(journal: Journal) -> None:
    """The third DHCPREQUEST stays unsent while two are held; after a release there is room again."""
    policy = send_policy(journal, budget=2)
    policy.before(frame(request(1)))
    policy.before(frame(request(2), EdgeNodeIdentity.numbered(2).mac))
    with pytest.raises(PolicyViolation, match="2 leases are held, and 02:eb:00:00:00:03"):
        policy.before(frame(request(3), EdgeNodeIdentity.numbered(3).mac))
    policy.before(frame(RELEASE))
    policy.before(frame(request(3), EdgeNodeIdentity.numbered(3).mac))
    assert policy.most == 2


@pytest.mark.parametrize(
    "answer,left", [(MessageType.DHCPNAK, 0), (MessageType.DHCPACK, 1)], ids=["refused", "given"]
)
def test_refused_lease_is_struck_off(answer: MessageType, left: int, journal: Journal) -> None:
    """After a DHCPNAK there is nothing to release; after a DHCPACK there is."""
    policy = send_policy(journal)
    policy.before(frame(request()))
    answered = replace(message(option(Code.DHCP_MESSAGE_TYPE, answer)), xid=XID + 1)
    policy.heard(reply(answered).frame)
    assert len(outstanding(journal)) == left


def test_what_is_asked_in_another_s_name_is_not_given_back(journal: Journal) -> None:
    """With ``disruptive`` a malformed message may name a foreign client, whose lease is never released."""
    send_policy(journal, disruptive=True).before(frame(replace(request(), chaddr=MacAddress(OTHER_MAC))))
    assert outstanding(journal) == []


def test_renewal_counts_no_second_lease(journal: Journal) -> None:
    """The same client asks for the same address again."""
    policy = send_policy(journal)
    policy.before(frame(request()))
    policy.before(frame(NODE.extend(XID, ADDRESS + 1)))
    assert len(outstanding(journal)) == 1
