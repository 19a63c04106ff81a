"""Answers from port 4011: each goes back to who asked, with the client's own identifier."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.message import DhcpMessage, option
from edgeboot.dhcp.options import Options
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire.frame import Frame, udp_frame
from edgeboot.report.against_contract.boot_answers import wrong_answers
from edgeboot.report.machine_boot.rounds import rounds
from edgeboot.report.machine_boot.traffic import MachineTraffic
from tests.unit.offers import EDK2
from tests.unit.report.captured import ADDRESS, BEGAN, DISCOVER
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
