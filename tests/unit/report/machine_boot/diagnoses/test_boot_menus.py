"""Boot servers of a menu: which are asked, which of them answer, and what of that the capture shows."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.base.mac import BROADCAST
from edgeboot.dhcp.firmware.vendor import PxeTag
from edgeboot.dhcp.message import BOOTREQUEST, LIMITED_BROADCAST, UNSPECIFIED, DhcpMessage, option
from edgeboot.dhcp.options import DhcpOption, Options
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, CLIENT_PORT, SERVER_PORT, MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire.frame import Frame, udp_frame
from tests.unit.offers import ACK, PXE, vendor
from tests.unit.report.captured import ADDRESS, BEGAN
from tests.unit.report.machine_boot.diagnoses.frames import diagnosed, kinds, port_is_closed
from tests.unit.report.machine_boot.frames import FILE, FROM, asked, given, offered
from tests.unit.samples import BOOT_SERVER, NODE, SERVER, SERVER_MAC, message

LIST: Final = b"\x80\x00\x02" + BOOT_SERVER.packed + SERVER.packed
ONE_ITEM: Final = (PxeTag.BOOT_MENU, b"\x80\x00\x04Edge")
AT_ONCE: Final = (PxeTag.MENU_PROMPT, b"\x00PXE")
MENU: Final = vendor((PxeTag.DISCOVERY_CONTROL, b"\x03"), (PxeTag.BOOT_SERVERS, LIST), ONE_ITEM, AT_ONCE)
FOR_ANY: Final = vendor((PxeTag.DISCOVERY_CONTROL, b"\x02"), ONE_ITEM, AT_ONCE)


def lease(menu: DhcpOption) -> tuple[Frame, ...]:
    """That of a server whose offer shows a menu."""
    return (
        asked(MessageType.DHCPDISCOVER, 1.0),
        offered(1.1, FROM, PXE, menu),
        asked(MessageType.DHCPREQUEST, 1.2, FROM),
        given(1.3, PXE, menu),
    )


def wants(at: float, server: IPv4Address, item: int = 0x8000, xid: int = 77) -> Frame:
    """A request for an item of the menu."""
    chosen = vendor((PxeTag.BOOT_ITEM, item.to_bytes(2) + bytes(2)))
    kind = option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPREQUEST)
    sent = DhcpMessage(BOOTREQUEST, xid, NODE.mac, Options((kind, chosen)), ciaddr=ADDRESS)
    if server == LIMITED_BROADCAST:
        ends = ((ADDRESS, CLIENT_PORT), (server, SERVER_PORT))
        return Frame(udp_frame(NODE.mac, BROADCAST, *ends, sent.encode()), BEGAN + at)
    ends = ((ADDRESS, BOOT_SERVER_PORT), (server, BOOT_SERVER_PORT))
    return Frame(udp_frame(NODE.mac, SERVER_MAC, *ends, sent.encode()), BEGAN + at)


def answered(at: float, *options: DhcpOption, port: int = BOOT_SERVER_PORT, xid: int = 77) -> Frame:
    """The reply of the second server of the list."""
    sent = replace(message(ACK, FROM, *options, ciaddr=ADDRESS, yiaddr=UNSPECIFIED), xid=xid)
    ends = ((SERVER, port), (ADDRESS, BOOT_SERVER_PORT))
    return Frame(udp_frame(SERVER_MAC, NODE.mac, *ends, sent.encode()), BEGAN + at)


BOTH: Final = (*lease(MENU), wants(2.0, BOOT_SERVER, xid=76), wants(7.0, SERVER))
REFUSED: Final = (*lease(MENU), wants(2.0, BOOT_SERVER), port_is_closed(2.1, wants(2.0, BOOT_SERVER)))


@pytest.mark.parametrize(
    "frames",
    [
        pytest.param((*BOTH, answered(7.1, PXE, FILE)), id="first of the list is silent, second answers"),
        pytest.param(
            (*REFUSED, wants(7.0, SERVER, xid=78), answered(7.1, PXE, FILE, xid=78)), id="first is closed"
        ),
        pytest.param(
            (*lease(MENU), wants(7.0, SERVER), answered(7.1, PXE, FILE)), id="first is not captured"
        ),
        pytest.param(
            (*lease(PXE), wants(7.0, SERVER), answered(7.1, PXE, FILE)), id="menu is not in the capture"
        ),
        pytest.param(
            (*lease(FOR_ANY), wants(7.0, LIMITED_BROADCAST), answered(7.1, PXE, FILE)), id="by broadcast"
        ),
        pytest.param((*lease(MENU), asked(MessageType.DHCPREQUEST, 900.0, FROM)), id="only a renewal"),
    ],
)
def test_client_that_was_named_a_file_may_have_been_switched_off(frames: tuple[Frame, ...]) -> None:
    """It has what it needs, and nothing shows that it went on."""
    assert kinds(frames, ends=1000.0) == []


@pytest.mark.parametrize(
    "frames, words",
    [
        pytest.param(BOTH, "port 4011 of 192.168.99.10 was asked 1 time, and did not answer", id="both"),
        pytest.param(
            (*lease(FOR_ANY), wants(2.0, LIMITED_BROADCAST), wants(4.0, LIMITED_BROADCAST)),
            "was asked by broadcast 2 times, for type 32768 of the boot menu, and none answered",
            id="by broadcast",
        ),
        pytest.param(
            (*lease(FOR_ANY), wants(2.0, LIMITED_BROADCAST), answered(2.1, port=SERVER_PORT)),
            "192.168.99.10 (52:54:00:12:34:56) did, without the option 60 PXEClient of a boot server",
            id="a DHCP server answers",
        ),
    ],
)
def test_silence_of_every_boot_server_is_told(frames: tuple[Frame, ...], words: str) -> None:
    """With whom it asked, and how."""
    told = [each.sentence for each in diagnosed(frames) if each.kind.value == "port-4011-silent"]
    assert any(words in each for each in told), told


def test_answer_that_names_no_file_leads_nowhere() -> None:
    """The client waits for it, and asks for nothing then."""
    assert "port-4011-answer" in kinds((*BOTH, answered(7.1, PXE)))
