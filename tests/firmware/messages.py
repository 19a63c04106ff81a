"""A real client's messages beside those that the table of clients makes for it, option by option."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Final

from edgeboot.dhcp.clients import ClientIdentifier, ClientProfile
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.vocabulary import MessageType, option_name
from edgeboot.dhcp.vocabulary import OptionCode as Code

_LEFT_OUT: Final = frozenset({Code.HOST_NAME})
"""What the table leaves out by choice."""
_OF_THE_EXCHANGE: Final = frozenset(
    {Code.DHCP_MESSAGE_TYPE, Code.REQUESTED_IP_ADDRESS, Code.SERVER_IDENTIFIER}
)


def differences(sent: DhcpMessage, client: ClientProfile) -> tuple[str, ...]:
    """What the table says otherwise of a DHCPDISCOVER, or of a DHCPREQUEST that takes an offer."""
    return tuple(_differences(sent, _of_the_table(sent, client), client))


def _of_the_table(sent: DhcpMessage, client: ClientProfile) -> DhcpMessage:
    node = EdgeNodeIdentity.of(sent.chaddr, client)
    if sent.message_type is MessageType.DHCPDISCOVER:
        return node.discover(sent.xid)
    return node.select(sent.xid, sent.yiaddr, sent.siaddr)


def _differences(sent: DhcpMessage, table: DhcpMessage, client: ClientProfile) -> Iterator[str]:
    codes = [code for code in sent.options.codes if code not in _LEFT_OUT]
    if codes != list(table.options.codes):
        yield f"{sent.name} has options {_listed(codes)}, in the table {_listed(table.options.codes)}"
    for code in sorted(set(codes) & set(table.options.codes) - _OF_THE_EXCHANGE):
        real, ours = sent.options.get(code) or b"", table.options.get(code) or b""
        if _fixed(code, real, client) != _fixed(code, ours, client):
            yield f"{sent.name}: option {option_name(code)} is {real.hex()}, in the table {ours.hex()}"
    if sent.wants_broadcast != table.wants_broadcast:
        yield f"{sent.name}: the B flag is {sent.wants_broadcast}, in the table {table.wants_broadcast}"


def _fixed(code: int, data: bytes, client: ClientProfile) -> object:
    """What of an option is the client's, not the machine's: identifiers by format."""
    match code:
        case Code.CLIENT_MACHINE_IDENTIFIER:
            return data[:1], len(data)
        case Code.CLIENT_IDENTIFIER if client.client_identifier is ClientIdentifier.DUID:
            return data[:1], data[5:11], len(data)
        case Code.CLIENT_IDENTIFIER if client.client_identifier is ClientIdentifier.DUID_LLT:
            return data[:1], data[5:9], data[13:], len(data)
        case _:
            return data


def machine_uuid(sent: DhcpMessage) -> uuid.UUID | None:
    """Option 97 read as the table writes it; None without."""
    data = sent.options.get(Code.CLIENT_MACHINE_IDENTIFIER) or b""
    return uuid.UUID(bytes_le=data[1:]) if len(data) == 17 else None


def _listed(codes: list[int] | tuple[int, ...]) -> str:
    return " ".join(map(str, codes))
