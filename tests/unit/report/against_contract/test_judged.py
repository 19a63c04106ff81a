"""Replies held against what the contract reserves for a machine, as far as that machine has asked for it."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.dhcp.clients import CLIENTS
from edgeboot.report.against_contract.judged import judged
from edgeboot.report.capture_clients.clients import Clients
from edgeboot.report.capture_clients.stories import story_of
from edgeboot.spec.contract.reservations import Reservation
from tests.unit.report.captured import from_node, from_server
from tests.unit.samples import CONTRACT, NODE, XID, promised

ADDRESS: Final = IPv4Address("192.168.99.21")
NAMED: Final = Reservation(mac=NODE.mac, address=ADDRESS, name="node-a")
RESERVED: Final = CONTRACT.model_copy(update={"reservations": (NAMED,)})
OFFER: Final = from_server(replace(promised(CONTRACT), yiaddr=ADDRESS), 0.1)


def fields(client: str) -> set[str]:
    """What differs in an offer of the reserved address, without the name, to this client."""
    asks = from_node(NODE.as_client(CLIENTS[client]).discover(XID), 0.0)
    clients = Clients()
    for number, frame in enumerate((asks, OFFER), 1):
        clients.take(number, frame.at, frame.octets)
    return {each.field for each in judged(story_of(clients, NODE.mac), RESERVED)}


@pytest.mark.parametrize("client, owed", [("edk2-pxe-x86-64", True), ("windows", False)])
def test_reserved_name_is_owed_to_a_machine_that_asks_for_it(client: str, *, owed: bool) -> None:
    """EDK2 asks for option 12, Windows does not: a server may leave it out (RFC 2131 section 4.3.1)."""
    assert ("name" in fields(client)) is owed
