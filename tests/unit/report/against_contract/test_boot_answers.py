"""Answers from port 4011: each goes back to who asked, with the client's own identifier."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.firmware import BootRequest
from edgeboot.dhcp.firmware.vendor import PxeTag
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage, option
from edgeboot.dhcp.options import Options
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire.frame import Frame, udp_frame
from edgeboot.report.against_contract.boot_answers import wrong_answers
from edgeboot.report.against_contract.judged import judged
from edgeboot.report.capture_clients.clients import Clients
from edgeboot.report.capture_clients.stories import story_of
from edgeboot.report.machine_boot.rounds import rounds
from edgeboot.report.machine_boot.traffic import MachineTraffic
from edgeboot.spec.contract.reading import contract_path, load_contract
from tests.unit.offers import EDK2, PXE, vendor
from tests.unit.report.captured import ADDRESS, BEGAN, DISCOVER, from_node
from tests.unit.samples import CONTRACT, EVERYBODY, NODE, SERVER, SERVER_MAC, XID, message

MACHINE: Final = option(Code.CLIENT_MACHINE_IDENTIFIER, bytes(17))
ACK: Final = option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPACK)
FROM: Final = option(Code.SERVER_IDENTIFIER, SERVER)
REQUEST: Final = replace(
    message(option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPREQUEST), MACHINE), op=1, xid=XID + 1
)


def passed(sent: DhcpMessage, at: float, mac: MacAddress, source: IPv4Address, to: IPv4Address) -> Frame:
    """A message between two ports 4011."""
    other = SERVER_MAC if mac == NODE.mac else NODE.mac
    ends = ((source, BOOT_SERVER_PORT), (to, BOOT_SERVER_PORT))
    return Frame(udp_frame(mac, other, *ends, sent.encode()), BEGAN + at)


def fields(answer: DhcpMessage, to: IPv4Address = ADDRESS) -> set[str]:
    """What is found in an answer, but for what it leads to."""
    frames = (
        DISCOVER,
        passed(REQUEST, 1.0, NODE.mac, ADDRESS, SERVER),
        passed(replace(answer, xid=XID + 1), 1.1, SERVER_MAC, SERVER, to),
    )
    [one] = rounds(MachineTraffic(NODE.mac, frames))
    return {each.field for each in wrong_answers(one, EDK2, CONTRACT)} - {"boots"}


def test_nothing_is_found_in_an_answer_that_is_right() -> None:
    """It goes to the address that has asked."""
    assert fields(message(ACK, FROM, MACHINE)) == set()


def test_answer_to_everybody_is_found() -> None:
    """All firmware that waits would take it."""
    assert fields(message(ACK, FROM, MACHINE), EVERYBODY) == {"destination"}


def test_answer_without_the_machines_identifier_is_found() -> None:
    """Firmware compares it."""
    assert fields(replace(message(ACK, FROM), options=Options((ACK, FROM)))) == {"option 97"}


@pytest.mark.parametrize("item, named", [(None, set()), (0x8000, {"bootfile"})])
def test_file_is_owed_by_the_answer_to_an_item_and_not_by_the_menu(item: int | None, named: set[str]) -> None:
    """A menu is the answer to a request without an item; what its item leads to is asked for next."""
    contract = load_contract(contract_path("proxydhcp"))
    menu = vendor((PxeTag.BOOT_MENU, b"\x80\x00\x04Edge")) if item is None else PXE
    reply = message(ACK, option(Code.SERVER_IDENTIFIER, SERVER), MACHINE, PXE, menu, yiaddr=UNSPECIFIED)
    asked = NODE.as_client(EDK2).ask_boot_server(XID + 1, ADDRESS, BootRequest(SERVER, item))
    clients = Clients()
    frames = (
        from_node(NODE.as_client(EDK2).discover(XID), 0.1),
        passed(asked, 1.0, NODE.mac, ADDRESS, SERVER),
        passed(replace(reply, xid=XID + 1), 1.1, SERVER_MAC, SERVER, ADDRESS),
    )
    for number, each in enumerate(frames, 1):
        clients.take(number, each.at, each.octets)
    found = {each.field for each in judged(story_of(clients, NODE.mac), contract)}
    assert found & {"bootfile"} == named
