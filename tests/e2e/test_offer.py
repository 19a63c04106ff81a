"""What a node receives about its network, in the offer and again in the acknowledgement."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from edgeboot.dhcp.clients import CLIENTS, EDK2_PXE_X86_64, BootRules
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Reply
from edgeboot.report.check import Check
from edgeboot.report.values import shown_value
from edgeboot.spec.contract.contract import Contract

UNKNOWN: Final = replace(EDK2_PXE_X86_64, name="a board of class ACME:Board:7", vendor_class="ACME:Board:7")
NETWORK: Final = ("address", "netmask", "broadcast_address", "routers", "server_identifier", "lease_time")
FOR_THEIR_CLIENTS: Final = frozenset({17, 43, 60, 66, 67, 97, 175})
"""What only its vendor's clients read, or who boots from the network."""
SYSTEM_OPTIONS: Final = (
    frozenset(
        code
        for client in CLIENTS.values()
        if client.rules is BootRules.NOTHING
        for code in client.parameters or ()
    )
    - FOR_THEIR_CLIENTS
)
"""What operating systems ask for."""

pytestmark = [pytest.mark.e2e, pytest.mark.address_server]


@pytest.mark.triage("lease")
@pytest.mark.covers("RFC2131-3.1-offer", "RFC2131-table3-yiaddr", "RFC2131-4.3.1-pool")
def test_reply_gives_an_address_of_the_pool(reply: Reply, check: Check) -> None:
    """The address is one that the contract sets aside for edge nodes."""
    check(reply, "address")


@pytest.mark.triage
@pytest.mark.covers(
    "RFC2131-4.3.1-configured-parameters",
    "RFC2131-table3-server-identifier",
    "RFC2132-3.3-mask",
    "RFC2132-3.5-routers",
    "RFC2132-5.3-broadcast-address",
    "RFC2132-9.7-server-identifier",
)
@pytest.mark.parametrize("field", ["netmask", "broadcast_address", "routers", "server_identifier"])
def test_reply_describes_the_network(field: str, reply: Reply, check: Check) -> None:
    """Mask, broadcast address, router and server identifier are the contract's."""
    check(reply, field)


@pytest.mark.triage
@pytest.mark.covers(
    "RFC2131-4.3.1-nothing-invented",
    "RFC2131-table3-requested-address",
    "RFC2131-table3-parameter-list",
    "RFC6842-3-not-invented",
    "RFC4578-2.4-parameters",
)
def test_reply_carries_only_options_the_contract_knows(reply: Reply, check: Check) -> None:
    """An option outside the contract could change what firmware does."""
    check(reply, "options")


@pytest.mark.covers("RFC2131-3-magic-cookie", "RFC2131-4.1-end", "RFC2132-2-encoding")
def test_reply_is_well_formed(reply: Reply, check: Check) -> None:
    """Magic cookie, option lengths and END are as RFC 2131 section 3 has them."""
    check.value(reply, "options", reply.message.options.faults, ())


@pytest.mark.covers("RFC2131-3.1-no-conflict")
def test_ack_repeats_the_offer(offer: Reply, ack: Reply, check: Check) -> None:
    """The DHCPACK has the address, the options and the header of the offer."""
    check(ack, "address", offer.address)
    check(ack, "next_server", offer.next_server)
    offered = [option for option in offer.message.options if option.code != 53]
    acknowledged = [option for option in ack.message.options if option.code != 53]
    differing = frozenset(each.code for each in {*offered} ^ {*acknowledged})
    told = f"the DHCPACK from {ack.sender} differs from the offer in {shown_value(differing)}"
    check.that(acknowledged == offered, ack, "options", acknowledged, offered, told)


@pytest.mark.covers("RFC2132-3.3-mask-first")
def test_reply_names_the_mask_before_the_routers(reply: Reply, contract: Contract, check: Check) -> None:
    """A client that reads a router first may take it to be outside its network (RFC 2132 section 3.3)."""
    expected = [1, 3] if contract.routers else [1]
    received = [code for code in reply.message.options.codes if code in {1, 3}]
    told = f"expected options {expected} in this order, received {received} from {reply.sender}"
    check.value(reply, "options", received, expected, told)


@pytest.mark.covers("RFC2132-9.13-vendor-class")
def test_unknown_vendor_class_gets_what_a_system_needs(
    booted_node: EdgeNode, sentinel: EdgeNode, contract: Contract, check: Check
) -> None:
    """A board of an unknown vendor is given its network like any other; 43 and 60 are for their clients."""
    known, board = booted_node.discover().offer, booted_node.as_client(UNKNOWN)
    exchange = board.ignored(board.identity.discover(board.new_xid()), sentinel)
    for field in NETWORK if exchange.replies or contract.serves_systems else ():
        check(exchange.offer, field)
    needed = SYSTEM_OPTIONS | contract.options.values.keys() - FOR_THEIR_CLIENTS
    for offer in exchange.replies:
        check.lacks_nothing(offer, known, UNKNOWN, needed - contract.options.withheld_from(UNKNOWN.name))
