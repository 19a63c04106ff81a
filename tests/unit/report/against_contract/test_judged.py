"""Replies held against a contract, as far as its terms hold for this machine and for what it has asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.options import Options
from edgeboot.dhcp.vocabulary import INFINITE_LEASE
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
    asks = from_node(NODE.as_client(CLIENTS[client]).discover(XID), 0.0)
    clients = Clients()
    for number, frame in enumerate((asks, from_server(offer, 0.1)), 1):
        clients.take(number, frame.at, frame.octets)
    return {each.field for each in judged(story_of(clients, NODE.mac), contract)}


@pytest.mark.parametrize("client, owed", [("edk2-pxe-x86-64", True), ("windows", False)])
def test_reserved_name_is_owed_to_a_machine_that_asks_for_it(client: str, *, owed: bool) -> None:
    """EDK2 asks for option 12, Windows does not: a server may leave it out (RFC 2131 section 4.3.1)."""
    assert ("name" in fields(client)) is owed


@pytest.mark.parametrize("lease, owed", [(CONTRACT.lease_time, True), (INFINITE_LEASE, False)])
def test_lease_without_an_end_has_no_time_to_renew_it(lease: timedelta, *, owed: bool) -> None:
    """Options 58 and 59 are owed only where a lease ends."""
    contract = CONTRACT.model_copy(update={"lease_time": lease})
    options = (each for each in promised(contract).options if each.code not in {58, 59})
    found = fields("edk2-pxe-x86-64", contract, replace(promised(contract), options=Options(tuple(options))))
    assert ({"renewal_time", "rebinding_time"} <= found, "lease_time" in found) == (owed, False)
