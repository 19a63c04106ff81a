"""The failure catalogue: each entry has its name and its figures, and a site that is right has none."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.dhcp.message import option
from edgeboot.dhcp.options import DhcpOption
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire.frame import Frame
from edgeboot.node.boot import tftp_packets as tftp
from tests.unit.report.captured import NAK, from_server, transfer
from tests.unit.report.machine_boot.diagnoses.frames import (
    damaged,
    diagnosed,
    from_elsewhere,
    in_vlan,
    kinds,
    left_to_the_card,
    question,
)
from tests.unit.report.machine_boot.frames import FILE, FROM, asked, given, leased, offered, tcp
from tests.unit.samples import message

DISCOVER: Final = asked(MessageType.DHCPDISCOVER, 1.0)
AGAIN: Final = asked(MessageType.DHCPDISCOVER, 5.0)
OFFER: Final = offered(1.1, FROM, FILE)
REQUEST: Final = asked(MessageType.DHCPREQUEST, 5.2, FROM)
OTHER: Final = DhcpOption(Code.SERVER_IDENTIFIER, bytes((192, 168, 99, 77)))
OF_OTHER: Final = asked(MessageType.DHCPREQUEST, 5.2, OTHER)
ROGUE: Final = IPv4Address("192.168.99.77")
OFFER_TYPE: Final = option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPOFFER)
READ: Final = transfer(2.0, tftp.ReadRequest("ipxe.efi\\xff"), answer=False)
REFUSED: Final = transfer(2.1, tftp.Error(1, "File not found"), answer=True)
ELSEWHERE: Final = from_elsewhere(transfer(2.1, tftp.Data(1, b"MZ"), answer=True), ROGUE)
LARGE: Final = tftp.TftpOptions(blksize=1468)
WITH_BLKSIZE: Final = transfer(2.0, tftp.ReadRequest("ipxe.efi", LARGE), answer=False)
GRANTED: Final = transfer(2.1, tftp.OptionAcknowledgement(LARGE), answer=True)
WINDOW: Final = transfer(
    2.1, tftp.OptionAcknowledgement(tftp.TftpOptions(blksize=1468, windowsize=64)), answer=True
)
REFUSES: Final = transfer(2.2, tftp.Error(8, "not asked for"), answer=False)
BLOCKS: Final = tuple(transfer(at, tftp.Data(1, bytes(1468)), answer=True) for at in (2.2, 3.2, 5.2))
SYN: Final = tcp(2.0, b"", 99, flags=0x02)
SYN_AGAIN: Final = tcp(3.0, b"", 99, flags=0x02)
RESET: Final = tcp(2.1, b"", 0, flags=0x14, answer=True)
HELLO: Final = bytes.fromhex("160301002d") + bytes(45)
SERVER_HELLO: Final = bytes.fromhex("160303002d") + bytes(45)
ALERT: Final = bytes.fromhex("15030300020228")
OWN_ALERT: Final = bytes.fromhex("15030300020230")
OPENED: Final = (SYN, tcp(2.1, b"", 500, flags=0x12, answer=True), tcp(2.2, HELLO, 100))
FOUR: Final = tuple(asked(MessageType.DHCPDISCOVER, at) for at in (1.0, 5.0, 13.0, 29.0))


@pytest.mark.parametrize(
    "frames, kind, words",
    [
        pytest.param((DISCOVER, AGAIN), "no-answer", "after 2 DHCPDISCOVERs (at 0.0, 4.0 s)", id="silent"),
        pytest.param((DISCOVER, OFFER, AGAIN), "offer-lost", "probably it never reached", id="lost"),
        pytest.param(
            (DISCOVER, damaged(OFFER), AGAIN), "damaged-offer", "its checksum is wrong", id="damaged"
        ),
        pytest.param(
            (DISCOVER, left_to_the_card(OFFER), AGAIN), "damaged-offer", "left to the sender's", id="offload"
        ),
        pytest.param(
            (in_vlan(DISCOVER, 10), in_vlan(OFFER, 20), in_vlan(AGAIN, 10)),
            "damaged-offer",
            "it is in VLAN 20, and the DHCPDISCOVER in VLAN 10",
            id="VLAN",
        ),
        pytest.param(
            (*FOUR, offered(70.0, FROM, FILE)), "offer-too-late", "7.0 s after it had given up", id="late"
        ),
        pytest.param((DISCOVER, OFFER, REQUEST), "request-unanswered", "to 192.168.99.10 had no", id="ACK"),
        pytest.param(
            (DISCOVER, offered(1.1, OTHER, FILE), OF_OTHER),
            "identifier-not-source",
            "names 192.168.99.77 as its server (option 54)",
            id="54",
        ),
        pytest.param(
            (DISCOVER, offered(1.1, OTHER, FILE), OF_OTHER, from_server(NAK, 5.3)),
            "nak",
            "though it had taken the offer of 192.168.99.77",
            id="NAK of another",
        ),
        pytest.param(
            (*leased(1.0), question(2.0, "boot.lan"), question(3.0, "boot.lan")),
            "name-unanswered",
            "192.168.99.10 was asked 2 times for boot.lan",
            id="DNS silent",
        ),
        pytest.param(
            (*leased(1.0), question(2.0, "boot.lan"), question(2.1, "boot.lan", code=3)),
            "name-unknown",
            "192.168.99.10 answers NXDOMAIN for boot.lan",
            id="NXDOMAIN",
        ),
        pytest.param(
            (*leased(1.0), question(2.0, "boot.lan"), question(2.1, "boot.lan", answer="127.0.0.1")),
            "name-unknown",
            "answers 127.0.0.1, which is nowhere, for boot.lan",
            id="blocked name",
        ),
        pytest.param(
            (*leased(1.0), READ, REFUSED),
            "file-not-found",
            "the offer names ipxe.efi, without a NUL behind it",
            id="no NUL",
        ),
        pytest.param(
            (*leased(1.0), READ, ELSEWHERE),
            "tftp-other-end",
            "answers came from 192.168.99.77, which it did not ask",
            id="NAT",
        ),
        pytest.param(
            (*leased(1.0), WITH_BLKSIZE, GRANTED, *BLOCKS),
            "blocks-lost",
            "blocks of 1468 octets were granted, and it came no further than the first (2 were sent again)",
            id="MTU",
        ),
        pytest.param(
            (*leased(1.0), WITH_BLKSIZE, WINDOW, REFUSES),
            "tftp-options",
            "(52:54:00:00:00:40) grants windowsize 64 where none was asked for (OACK)",
            id="option that was not asked for",
        ),
        pytest.param((*leased(1.0), SYN, RESET), "connection-refused", "TCP port 80 (RST)", id="RST"),
        pytest.param((*leased(1.0), SYN, SYN_AGAIN), "connection-silent", "2 SYNs to its TCP", id="SYN"),
        pytest.param(
            (*leased(1.0), *OPENED, tcp(2.3, ALERT, 501, answer=True)),
            "tls-refused",
            "192.168.99.40 refused it by the alert handshake_failure",
            id="cipher",
        ),
        pytest.param(
            (*leased(1.0), *OPENED, tcp(2.3, SERVER_HELLO, 501, answer=True), tcp(2.4, OWN_ALERT, 151)),
            "tls-refused",
            "it refused the server by the alert unknown_ca",
            id="CA",
        ),
        pytest.param((*leased(1.0), *OPENED), "tls-silent", "did not answer its TLS ClientHello", id="TLS"),
    ],
)
def test_entry_has_its_name_and_its_figures(frames: tuple[Frame, ...], kind: str, words: str) -> None:
    """It is the first diagnosis, and rests on packets."""
    first = diagnosed(frames, 90.0)[0]
    assert (first.kind.value, words in first.sentence) == (kind, True), first.sentence
    assert all(each.number for each in first.evidence)


@pytest.mark.parametrize(
    "frames, ends",
    [
        pytest.param((DISCOVER,), 3.5, id="server pings for 3 s"),
        pytest.param((DISCOVER, OFFER), 4.0, id="EDK2 gathers offers"),
        pytest.param((DISCOVER, OFFER, REQUEST), 6.0, id="ACK is on its way"),
        pytest.param(leased(1.0), 1.5, id="it has not asked yet"),
        pytest.param((*leased(1.0), READ), 2.5, id="transfer begins"),
        pytest.param((*leased(1.0), question(2.0, "boot.lan")), 2.5, id="name is asked for"),
        pytest.param(
            (*leased(1.0), question(2.0, "a"), question(2.1, "a", answer="10.0.0.1")), 2.5, id="name is known"
        ),
        pytest.param((*leased(1.0), SYN), 2.5, id="connection begins"),
        pytest.param((*leased(1.0), SYN, SYN_AGAIN), 3.1, id="connection is asked for again"),
        pytest.param(
            (*leased(1.0), *OPENED, tcp(2.3, SERVER_HELLO, 501, answer=True)), 60.0, id="TLS goes on"
        ),
        pytest.param((*leased(1.0), WITH_BLKSIZE, GRANTED, BLOCKS[0]), 2.5, id="transfer goes on"),
        pytest.param((*leased(1.0), WITH_BLKSIZE, WINDOW), 2.5, id="client may take the window"),
        pytest.param((*leased(1.0), WITH_BLKSIZE, GRANTED, REFUSES), 2.5, id="it may ask again"),
    ],
)
def test_boot_that_the_capture_leaves_in_its_midst_has_none(frames: tuple[Frame, ...], ends: float) -> None:
    """Nobody knows how it goes on."""
    assert kinds(frames, ends) == []


def test_other_server_whose_offer_leads_elsewhere_is_told_beside_the_reason() -> None:
    """Which of them is the rogue, nobody can say without the contract."""
    rogue = offered(1.05, OTHER, DhcpOption(Code.BOOTFILE_NAME, b"evil.efi\0"))
    taken = (OF_OTHER, from_elsewhere(given(5.3, OTHER), ROGUE))
    missing = (replace(each, at=each.at + 5) for each in (READ, REFUSED))
    first, second = diagnosed((DISCOVER, from_elsewhere(rogue, ROGUE), OFFER, *taken, *missing))
    assert (first.kind.value, second.kind.value) == ("file-not-found", "several-servers")
    assert "it took the offer of 192.168.99.77 (52:54:00:00:00:77), which leads to" in second.sentence
    assert "leads to tftp://192.168.99.40/ipxe.efi" in second.sentence


def test_offer_without_a_file_that_is_taken_before_one_with_a_file_is_told() -> None:
    """The machine that wins says nothing of a file, and the client asks for none."""
    taken = (OF_OTHER, from_elsewhere(given(5.3, OTHER), ROGUE))
    [found] = diagnosed((DISCOVER, from_elsewhere(offered(1.05, OTHER), ROGUE), OFFER, *taken))
    assert (found.kind.value, found.certainty.value) == ("another-server-taken", "likely")
    assert "that of 192.168.99.10" in found.sentence


def test_client_that_is_not_known_is_judged_by_its_packets() -> None:
    """Its rules are nobody's to tell: what most clients want is likely."""
    [found] = diagnosed((DISCOVER, offered(1.1, FROM), AGAIN), client=None)
    assert (found.kind.value, found.certainty.value) == ("no-boot-file", "likely")


def test_system_that_has_an_address_needs_no_file() -> None:
    """It has booted from its disk."""
    assert kinds((DISCOVER, OFFER, REQUEST, given(5.3)), client="systemd-networkd") == []


def test_system_without_an_address_is_told() -> None:
    """As firmware is."""
    assert kinds((DISCOVER, AGAIN), client="systemd-networkd") == ["no-answer"]


def test_client_that_is_refused_all_night_has_one_reason() -> None:
    """With the number of times; of its packets the first, and the last."""
    every = []
    for at in range(0, 400, 10):
        every += [asked(MessageType.DHCPDISCOVER, at), offered(at + 0.1, FROM, FILE)]
        every += [asked(MessageType.DHCPREQUEST, at + 4.0, FROM), from_server(NAK, at + 4.1)]
    [found] = diagnosed(every, 500.0)
    assert found.sentence.endswith(", 40 times")
    assert len(found.evidence) == 4
    assert "the last of" in found.evidence[-1].what


def test_flood_of_offers_is_told_by_its_first_ones_and_their_number() -> None:
    """As of a machine that offers an address after the other."""
    flood = [
        from_server(message(OFFER_TYPE, FROM, yiaddr=ROGUE + number), 1.1 + number / 100)
        for number in range(40)
    ]
    found = diagnosed((DISCOVER, *flood, AGAIN), client=None)
    assert len(found) == 4
    assert found[-1].sentence.endswith("(and 36 other offers)")


@pytest.mark.parametrize("ends, certainty", [(6.5, "likely"), (8.0, "certain")])
def test_connection_is_silent_for_certain_behind_the_last_syn_alone(ends: float, certainty: str) -> None:
    """A server that starts late answers that one."""
    [found] = diagnosed((*leased(1.0), SYN, SYN_AGAIN), ends)
    assert (found.kind.value, found.certainty.value) == ("connection-silent", certainty)
