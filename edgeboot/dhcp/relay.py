"""A client's message as a relay agent forwards it (RFC 1542 section 4.1, RFC 3046)."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address

from edgeboot.dhcp.message import DhcpMessage, option
from edgeboot.dhcp.options import DhcpOption, Options
from edgeboot.dhcp.vocabulary import OptionCode

_CIRCUIT_ID = 1


def relayed(message: DhcpMessage, giaddr: IPv4Address, circuit_id: bytes | None = None) -> DhcpMessage:
    """The message with ``giaddr`` set and, if a ``circuit_id`` is given, option 82 appended last."""
    added: tuple[DhcpOption, ...] = ()
    if circuit_id is not None:
        added = (option(OptionCode.RELAY_AGENT_INFORMATION, agent_information(circuit_id)),)
    return replace(message, giaddr=giaddr, options=Options((*message.options, *added)))


def agent_information(circuit_id: bytes) -> bytes:
    """The data of option 82 with one sub-option, the Agent Circuit ID (RFC 3046 section 3.1)."""
    return bytes((_CIRCUIT_ID, len(circuit_id))) + circuit_id
