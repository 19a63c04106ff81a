"""The messages of a lease's life cycle by RFC 2131 tables 4 and 5, and what a relay adds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final

import pytest

from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.relay import agent_information, relayed
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from tests.unit.samples import NODE, SERVER, XID

ADDRESS: Final = IPv4Address("192.168.99.150")
RELAY: Final = IPv4Address("10.77.0.1")


@dataclass(frozen=True, slots=True)
class Row:
    """One column of the RFC's tables: fields and options a message must and must not have."""

    make: Callable[[], DhcpMessage]
    kind: MessageType
    ciaddr: bool
    requested_address: bool
    server_identifier: bool
    parameters: bool


TABLE: Final = {
    "SELECTING": Row(
        lambda: NODE.select(XID, ADDRESS, SERVER), MessageType.DHCPREQUEST, False, True, True, True
    ),
    "INIT-REBOOT": Row(lambda: NODE.reboot(XID, ADDRESS), MessageType.DHCPREQUEST, False, True, False, True),
    "RENEWING or REBINDING": Row(
        lambda: NODE.extend(XID, ADDRESS), MessageType.DHCPREQUEST, True, False, False, True
    ),
    "INFORM": Row(lambda: NODE.inform(XID, ADDRESS), MessageType.DHCPINFORM, True, False, False, True),
    "DECLINE": Row(
        lambda: NODE.decline(XID, ADDRESS, SERVER), MessageType.DHCPDECLINE, False, True, True, False
    ),
    "RELEASE": Row(
        lambda: NODE.release(XID, ADDRESS, SERVER), MessageType.DHCPRELEASE, True, False, True, False
    ),
}


@pytest.mark.parametrize("state", TABLE)
def test_message_of_a_state_carries_what_the_table_says(state: str) -> None:
    """A server distinguishes the client's states only by these fields."""
    row, message = TABLE[state], TABLE[state].make()
    assert message.message_type is row.kind
    assert message.ciaddr == (ADDRESS if row.ciaddr else UNSPECIFIED)
    assert message.options.get(Code.REQUESTED_IP_ADDRESS) == (
        ADDRESS.packed if row.requested_address else None
    )
    assert message.options.get(Code.SERVER_IDENTIFIER) == (SERVER.packed if row.server_identifier else None)
    assert (Code.PARAMETER_REQUEST_LIST in message.options) == row.parameters


def test_node_with_an_address_clears_the_broadcast_flag() -> None:
    """Its IP stack receives unicast; the B flag is for clients without an address."""
    assert not NODE.extend(XID, ADDRESS).wants_broadcast
    assert not NODE.inform(XID, ADDRESS).wants_broadcast


def test_relay_changes_only_giaddr() -> None:
    """Without a circuit identifier the options stay as the client sent them."""
    message = NODE.discover(XID)
    passed = relayed(message, RELAY)
    assert (passed.giaddr, passed.options, passed.chaddr) == (RELAY, message.options, message.chaddr)


def test_relay_agent_information_comes_last() -> None:
    """Option 82 with sub-option 1 follows all options of the client (RFC 3046 section 2.1)."""
    *sent, last = relayed(NODE.discover(XID), RELAY, b"port 7").options
    assert tuple(sent) == NODE.discover(XID).options.entries
    assert (last.code, last.data) == (Code.RELAY_AGENT_INFORMATION, b"\1\6port 7")
    assert agent_information(b"") == b"\1\0"
