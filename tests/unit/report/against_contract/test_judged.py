"""Replies held against a contract, as far as its terms hold for this machine and for what it has asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.message import BOOTREPLY, DhcpMessage
from edgeboot.dhcp.options import DhcpOption, Options
from edgeboot.dhcp.vocabulary import INFINITE_LEASE
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.report.against_contract.judged import judged
from edgeboot.report.capture_clients.clients import Clients
from edgeboot.report.capture_clients.stories import story_of
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.reservations import Reservation
from tests.unit.report.captured import from_node, from_server
from tests.unit.samples import CONTRACT, NODE, XID, promised

ADDRESS: Final = IPv4Address("192.168.99.21")
NAMED: Final = Reservation(mac=NODE.mac, address=ADDRESS, name="node-a")
RESERVED: Final = CONTRACT.model_copy(update={"reservations": (NAMED,)})
OFFER: Final = replace(promised(CONTRACT), yiaddr=ADDRESS)


def fields(client: str, contract: Contract = RESERVED, offer: DhcpMessage = OFFER) -> set[str]:
    """What differs in an offer to this client, by default in that of ``ADDRESS`` without a name."""
    return found((NODE.as_client(CLIENTS[client]).discover(XID), offer), contract)


def found(messages: Sequence[DhcpMessage], contract: Contract) -> set[str]:
    """What differs in the replies among messages that pass one after the other."""
    clients = Clients()
    for number, each in enumerate(messages, 1):
        pass_on = from_server if each.op == BOOTREPLY else from_node
        frame = pass_on(each, number / 10)
        clients.take(number, frame.at, frame.octets)
    return {each.field for each in judged(story_of(clients, NODE.mac), contract)}


def without(message: DhcpMessage, *codes: int, xid: int = XID) -> DhcpMessage:
    """The message without some options, and without these codes in its option 55."""
    asked = bytes(
        code for code in message.options.get(Code.PARAMETER_REQUEST_LIST) or b"" if code not in codes
    )
    kept = (each for each in message.options if each.code not in {*codes, Code.PARAMETER_REQUEST_LIST})
    list_ = (DhcpOption(Code.PARAMETER_REQUEST_LIST, asked),) if asked else ()
    return replace(message, options=Options((*kept, *list_)), xid=xid)


@pytest.mark.parametrize("client, owed", [("edk2-pxe-x86-64", True), ("windows", False)])
def test_reserved_name_is_owed_to_a_machine_that_asks_for_it(client: str, *, owed: bool) -> None:
    """EDK2 asks for option 12, Windows does not: a server may leave it out (RFC 2131 section 4.3.1)."""
    assert ("name" in fields(client)) is owed


@pytest.mark.parametrize("lease, owed", [(CONTRACT.lease_time, True), (INFINITE_LEASE, False)])
def test_lease_without_an_end_has_no_time_to_renew_it(lease: timedelta, *, owed: bool) -> None:
    """Options 58 and 59 are owed only where a lease ends."""
    contract = CONTRACT.model_copy(update={"lease_time": lease})
    differs = fields("edk2-pxe-x86-64", contract, without(promised(contract), 58, 59))
    assert ({"renewal_time", "rebinding_time"} <= differs, "lease_time" in differs) == (owed, False)


def test_boot_file_that_is_reserved_for_a_machine_is_no_other_than_the_contracts() -> None:
    """The contract's own is that of machines without a reservation."""
    rescued = NAMED.model_copy(update={"bootfile": "rescue.efi", "name": None})
    file = DhcpOption(Code.BOOTFILE_NAME, b"rescue.efi\0")
    kept = without(OFFER, Code.BOOTFILE_NAME)
    offer = replace(kept, options=Options((*kept.options, file)))
    contract = CONTRACT.model_copy(update={"reservations": (rescued,)})
    assert "boots" in fields("edk2-pxe-x86-64", CONTRACT, offer)
    assert "boots" not in fields("edk2-pxe-x86-64", contract, offer)


def test_client_that_asks_again_for_less_is_owed_no_more() -> None:
    """Another program of the same machine: its option 55 counts, not that of the first DHCPDISCOVER."""
    router, offer = int(Code.ROUTER), promised(CONTRACT)
    first, second = NODE.discover(XID), without(NODE.discover(XID), Code.ROUTER, xid=XID + 1)
    assert "routers" in found((first, without(offer, router)), CONTRACT)
    assert "routers" not in found((first, offer, second, without(offer, router, xid=XID + 1)), CONTRACT)
