"""The entries of the catalogue about what a client does that has an address, and a site that is right."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.dhcp.message import BOOTREQUEST, UNSPECIFIED, DhcpMessage, option
from edgeboot.dhcp.options import DhcpOption, Options
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire.frame import Frame, udp_frame
from edgeboot.node.boot import tftp_packets as tftp
from tests.unit.node.test_pe_image import image
from tests.unit.report.captured import ADDRESS, BEGAN, from_server, transfer
from tests.unit.report.machine_boot.diagnoses.frames import (
    asks_for,
    diagnosed,
    in_vlan,
    kinds,
    port_is_closed,
)
from tests.unit.report.machine_boot.frames import (
    FILE,
    FROM,
    IPXE,
    asked,
    claimed,
    fetched,
    given,
    leased,
    offered,
    tcp,
)
from tests.unit.samples import BOOT_SERVER, NODE, OFFER, SERVER_MAC, message

PXE: Final = DhcpOption(Code.VENDOR_CLASS_IDENTIFIER, b"PXEClient")
BIOS: Final = DhcpOption(Code.CLIENT_SYSTEM_ARCHITECTURE, bytes(2))
ROUTER: Final = IPv4Address("192.168.99.1")
DISCOVER: Final = asked(MessageType.DHCPDISCOVER, 1.0)
REQUEST: Final = asked(MessageType.DHCPREQUEST, 1.2, FROM)
DECLINE: Final = asked(MessageType.DHCPDECLINE, 1.4, FROM)
READ: Final = transfer(2.0, tftp.ReadRequest("ipxe.efi"), answer=False)
GET: Final = tcp(2.0, b"GET /a HTTP/1.1\r\nHost: boot\r\n\r\n", 100)
OPENED: Final = (tcp(1.8, b"", 99, flags=0x02), tcp(1.9, b"", 499, flags=0x12, answer=True))
MOVED: Final = tcp(2.1, b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n", 500, answer=True)
FORBIDDEN: Final = transfer(2.1, tftp.Error(2, "no"), answer=True)
BLOCK: Final = transfer(2.1, tftp.Data(1, bytes(512)), answer=True)
ACKED: Final = transfer(2.2, tftp.Acknowledgement(1), answer=False)
FIRST: Final = (*leased(1.0), *fetched(2.0, b"MZ"))
BY_ROUTER: Final = (*leased(1.0)[:3], given(1.3, FILE, option(Code.ROUTER, ROUTER)))
SENT_TO_4011: Final = (DISCOVER, offered(1.1, FROM, PXE), REQUEST, given(1.3, PXE))


def to_4011(at: float) -> Frame:
    """A boot request to the boot server."""
    kind = option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPREQUEST)
    sent = DhcpMessage(BOOTREQUEST, 77, NODE.mac, Options((kind,)), ciaddr=ADDRESS)
    return Frame(
        udp_frame(NODE.mac, SERVER_MAC, (ADDRESS, 4011), (BOOT_SERVER, 4011), sent.encode()), BEGAN + at
    )


@pytest.mark.parametrize(
    "frames, kind, words",
    [
        pytest.param(
            (*SENT_TO_4011, to_4011(2.0), to_4011(3.0)), "port-4011-silent", "(at 1.0, 2.0 s)", id="4011"
        ),
        pytest.param(
            (*SENT_TO_4011, to_4011(2.0), port_is_closed(2.1, to_4011(2.0))),
            "port-4011-closed",
            "says that nobody listens on port 4011 (ICMP)",
            id="4011 closed",
        ),
        pytest.param((*SENT_TO_4011[:2], to_4011(2.0)), "port-4011-silent", "1 time,", id="no ACK captured"),
        pytest.param(
            (*leased(1.0), claimed(1.305), DECLINE),
            "address-conflict",
            "52:54:00:00:00:40 has",
            id="conflict",
        ),
        pytest.param((*leased(1.0), DECLINE), "declined", "100 ms after the DHCPACK", id="declined"),
        pytest.param(
            (*BY_ROUTER, asks_for(2.0, ROUTER)), "router-absent", "is the router (option 3)", id="router"
        ),
        pytest.param(
            (*leased(1.0), asks_for(2.0, BOOT_SERVER)),
            "host-absent",
            "has the address 192.168.99.40",
            id="ARP",
        ),
        pytest.param((*leased(1.0), READ), "tftp-silent", "asked for, and not answered", id="TFTP"),
        pytest.param((*leased(1.0), READ, FORBIDDEN), "file-refused", "(access violation)", id="refused"),
        pytest.param((*leased(1.0), READ, BLOCK), "file-cut", "cut off after 512 octets", id="cut"),
        pytest.param((*leased(1.0), READ, BLOCK), "file-cut", "block 1 was not acknowledged", id="one block"),
        pytest.param((*leased(1.0), GET, MOVED), "http-redirect", "it is at /b", id="redirect"),
        pytest.param((*leased(1.0), *OPENED, GET), "http-silent", "http://boot/a asked for", id="HTTP"),
        pytest.param((*FIRST, *leased(5.0, IPXE), *fetched(6.0, b"MZ")), "loop", "loads itself", id="loop"),
        pytest.param(
            (*leased(1.0, BIOS), *fetched(2.0, image())),
            "wrong-processor",
            "asks as a BIOS",
            id="EFI for a BIOS",
        ),
    ],
)
def test_entry_has_its_name_and_its_figures(frames: tuple[Frame, ...], kind: str, words: str) -> None:
    """It is the first diagnosis, and rests on packets."""
    first = diagnosed(frames)[0]
    assert (first.kind.value, words in first.sentence) == (kind, True), first.sentence
    assert first.evidence


@pytest.mark.parametrize(
    "frames",
    [
        pytest.param((*leased(1.0), *fetched(2.0, image())), id="program"),
        pytest.param(
            (*leased(1.0), asks_for(1.5, ADDRESS), *fetched(2.0, image())), id="own address is free"
        ),
        pytest.param((*FIRST, *leased(5.0, IPXE), *fetched(6.0, b"#!ipxe", "boot.ipxe")), id="script"),
        pytest.param((*leased(1.0), READ, FORBIDDEN, *fetched(3.0, image(), "other.efi")), id="second name"),
        pytest.param(leased(1.0), id="switched off"),
        pytest.param(SENT_TO_4011, id="switched off before it asks port 4011"),
    ],
)
def test_boot_that_goes_well_has_none(frames: tuple[Frame, ...]) -> None:
    """Nor one of which nothing more is known."""
    assert kinds(frames) == []


def test_host_that_was_asked_for_a_moment_before_the_end_may_answer_yet() -> None:
    """The capture ends with the question."""
    assert kinds((*leased(1.0), asks_for(2.0, BOOT_SERVER)), ends=2.1) == []


@pytest.mark.parametrize("asked_at, certainty", [((2.0,), "likely"), ((2.0, 2.5), "certain")])
def test_machine_that_asks_again_by_arp_had_no_answer(asked_at: tuple[float, ...], certainty: str) -> None:
    """One answer, to the machine alone, may have passed elsewhere."""
    [found] = diagnosed((*leased(1.0), *(asks_for(at, BOOT_SERVER) for at in asked_at)))
    assert (found.kind.value, found.certainty.value) == ("host-absent", certainty)


def test_transfer_that_stands_is_cut_though_its_client_asks_on() -> None:
    """For the block behind the last one that came."""
    asks = [transfer(at, tftp.Acknowledgement(1), answer=False) for at in (2.2, 4.2, 6.2)]
    assert kinds((*leased(1.0), READ, BLOCK, *asks), ends=6.5) == ["file-cut"]


def test_proxy_alone_gives_no_address() -> None:
    """The site's own server is silent."""
    proxy = from_server(message(OFFER, FROM, PXE, yiaddr=UNSPECIFIED), 1.1)
    assert kinds((DISCOVER, proxy, asked(MessageType.DHCPDISCOVER, 5.0))) == ["no-address"]


def test_offer_that_a_client_leaves_for_no_known_reason_is_told_as_such() -> None:
    """No cause is made up for it."""
    again = asked(MessageType.DHCPDISCOVER, 5.0)
    assert kinds((DISCOVER, offered(1.1, FROM, FILE), again), client=None) == ["offer-not-taken"]


def test_host_that_is_absent_in_a_vlan_is_known_by_arp_too() -> None:
    """As a trunk port shows it, each frame with its tag."""
    frames = (*leased(1.0), *(asks_for(at, BOOT_SERVER) for at in (2.0, 2.5)))
    assert kinds([in_vlan(each, 5) for each in frames]) == ["host-absent"]


def test_block_that_the_client_has_is_not_owed_again() -> None:
    """It waits for the next one."""
    assert "again" not in diagnosed((*leased(1.0), READ, BLOCK, ACKED))[0].sentence
