"""The fixed fields of a reply: which are the server's own, which the request's (RFC 2131 table 3)."""

from __future__ import annotations

from typing import Final

import pytest

from edgeboot.dhcp.message import BOOTREPLY, MINIMUM_LENGTH, UNSPECIFIED
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Reply
from edgeboot.report.check import Check

pytestmark = [pytest.mark.e2e, pytest.mark.address_server]

OWN: Final = [
    pytest.param(0, BOOTREPLY, id="op", marks=pytest.mark.covers("RFC2131-table3-op")),
    pytest.param(1, 1, id="htype", marks=pytest.mark.covers("RFC2131-table3-htype-hlen")),
    pytest.param(2, 6, id="hlen", marks=pytest.mark.covers("RFC2131-table3-htype-hlen")),
    pytest.param(3, 0, id="hops", marks=pytest.mark.covers("RFC2131-table3-hops")),
]
"""The octet of the header, and its value on Ethernet."""

REPEATED: Final = [
    pytest.param(field, id=field, marks=pytest.mark.covers(f"RFC2131-table3-{field}"))
    for field in ("xid", "flags", "chaddr")
]


@pytest.mark.parametrize("octet,value", OWN)
def test_reply_begins_as_a_reply_on_ethernet(octet: int, value: int, reply: Reply, check: Check) -> None:
    """Firmware drops a reply of another direction or kind of hardware."""
    received = reply.datagram.payload[octet]
    check.value(reply, f"octet {octet}", received, value)


@pytest.mark.parametrize(
    "broadcast",
    [
        pytest.param(True, id="broadcast"),
        pytest.param(False, id="unicast", marks=pytest.mark.ability("unicasts")),
    ],
)
@pytest.mark.parametrize("field", REPEATED)
def test_reply_repeats_the_fields_of_its_request(
    field: str, broadcast: bool, booted_node: EdgeNode, check: Check
) -> None:
    """A node matches a reply to its request by these fields."""
    offered = booted_node.discover(broadcast=broadcast)
    requested = booted_node.request(offered.offer, broadcast=broadcast)
    for exchange, reply in ((offered, offered.offer), (requested, requested.ack)):
        check.value(reply, field, getattr(reply.message, field), getattr(exchange.request, field))


@pytest.mark.covers("RFC2131-table3-ciaddr")
def test_reply_has_no_client_address(reply: Reply, check: Check) -> None:
    """ciaddr is the client's to fill: a node that boots has no address yet."""
    check.value(reply, "ciaddr", reply.message.ciaddr, UNSPECIFIED)


@pytest.mark.covers("RFC1542-2.1-300-octets")
def test_reply_is_as_long_as_a_bootp_message(reply: Reply, check: Check) -> None:
    """Old firmware and relays drop messages shorter than BOOTP's 300 octets."""
    length = reply.message.length
    told = f"length: expected {MINIMUM_LENGTH} octets, received {length} from {reply.sender}"
    check.that(length >= MINIMUM_LENGTH, reply, "length", length, MINIMUM_LENGTH, told)
