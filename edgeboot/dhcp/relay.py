"""What a relay agent makes of a client's message (RFC 1542 section 4.1, RFC 3046)."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address

from edgeboot.dhcp.message import DhcpMessage, option
from edgeboot.dhcp.options import DhcpOption, Options
from edgeboot.dhcp.vocabulary import OptionCode

_CIRCUIT_ID = 1


def relayed(message: DhcpMessage, giaddr: IPv4Address, circuit_id: bytes | None = None) -> DhcpMessage:
    """The message as a relay at ``giaddr`` passes it on; with ``circuit_id``, with option 82 last."""
    added: tuple[DhcpOption, ...] = ()
    if circuit_id is not None:
        added = (option(OptionCode.RELAY_AGENT_INFORMATION, agent_information(circuit_id)),)
    return replace(message, giaddr=giaddr, options=Options((*message.options, *added)))


def agent_information(circuit_id: bytes) -> bytes:
    """Option 82 with one sub-option, the circuit the client is at (RFC 3046 section 3.1)."""
    return bytes((_CIRCUIT_ID, len(circuit_id))) + circuit_id
