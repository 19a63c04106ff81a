"""A real client's messages beside those that the table of clients makes for it, option by option."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from edgeboot.dhcp.clients import BootRules, ClientIdentifier, ClientProfile
from edgeboot.dhcp.firmware import BootRequest
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.options import Options
from edgeboot.dhcp.vocabulary import MessageType, option_name
from edgeboot.dhcp.vocabulary import OptionCode as Code

_LEFT_OUT: Final = frozenset({Code.HOST_NAME})
"""What the table leaves out by choice."""
_LATE: Final = 2
"""Seconds that `secs` may be ahead of the table: it counts since the client began, which load delays."""
_STRAY: Final = 24
"""The place in the list of EDK2's HTTP Boot of an octet that it never sets."""
_OF_THE_EXCHANGE: Final = frozenset(
    {Code.DHCP_MESSAGE_TYPE, Code.REQUESTED_IP_ADDRESS, Code.SERVER_IDENTIFIER}
)


def differences(
    sent: DhcpMessage,
    client: ClientProfile,
    machine: uuid.UUID | None = None,
    *,
    identified: bool = True,
) -> tuple[str, ...]:
    """What the table says otherwise of a DHCPDISCOVER, or of a DHCPREQUEST that takes an offer.

    Args:
        sent: the real client's.
        client: the table's.
        machine: the UUID of the real machine; None where that is not known.
        identified: whether the offer has a server identifier, which the request has to repeat.
    """
    node = _node(sent, client, machine)
    discovers = sent.message_type is MessageType.DHCPDISCOVER
    table = node.discover(sent.xid) if discovers else node.select(sent.xid, sent.yiaddr, sent.siaddr)
    if not identified and Code.SERVER_IDENTIFIER not in sent.options:
        kept = (each for each in table.options if each.code != Code.SERVER_IDENTIFIER)
        table = replace(table, options=Options(tuple(kept)))
    return tuple(_differences(sent, table, client, machine))


def boot_request_differences(
    sent: DhcpMessage, port: int, request: BootRequest, client: ClientProfile, machine: uuid.UUID
) -> tuple[str, ...]:
    """What the table says otherwise of a DHCPREQUEST to a boot server, and of the port that it comes from."""
    table = _node(sent, client, machine).ask_boot_server(sent.xid, sent.ciaddr, request)
    ports = (
        () if port == request.client_port else (f"it asks from port {port}, we say {request.client_port}",)
    )
    return (*ports, *_differences(sent, table, client, machine))


def _node(sent: DhcpMessage, client: ClientProfile, machine: uuid.UUID | None) -> EdgeNodeIdentity:
    made = EdgeNodeIdentity.of(sent.chaddr, client)
    return made if machine is None else replace(made, machine=machine).as_client(client)


def _differences(
    sent: DhcpMessage, table: DhcpMessage, client: ClientProfile, machine: uuid.UUID | None
) -> Iterator[str]:
    codes = [code for code in sent.options.codes if code not in _LEFT_OUT]
    if codes != list(table.options.codes):
        yield f"{sent.name} has options {_listed(codes)}, in the table {_listed(table.options.codes)}"
    for code in sorted(set(codes) & set(table.options.codes) - _OF_THE_EXCHANGE):
        real, ours = sent.options.get(code) or b"", table.options.get(code) or b""
        known = machine is not None and code == Code.CLIENT_MACHINE_IDENTIFIER
        if real != ours and (known or _fixed(code, real, client) != _fixed(code, ours, client)):
            yield f"{sent.name}: option {option_name(code)} is {real.hex()}, in the table {ours.hex()}"
    if sent.wants_broadcast != table.wants_broadcast:
        yield f"{sent.name}: the B flag is {sent.wants_broadcast}, in the table {table.wants_broadcast}"
    began = client.seconds if sent.message_type is MessageType.DHCPDISCOVER else None
    if began is not None and not 0 <= sent.secs - began <= _LATE:
        yield f"{sent.name}: secs is {sent.secs}, in the table {began}"


def _fixed(code: int, data: bytes, client: ClientProfile) -> object:
    """What of an option is the client's, not the machine's: identifiers by format."""
    match code:
        case Code.CLIENT_MACHINE_IDENTIFIER:
            return data[:1], len(data)
        case Code.PARAMETER_REQUEST_LIST if client.rules is BootRules.EDK2_HTTP:
            return data[:_STRAY], data[_STRAY + 1 :]
        case Code.CLIENT_IDENTIFIER if client.client_identifier is ClientIdentifier.DUID:
            return data[:1], data[5:11], len(data)
        case Code.CLIENT_IDENTIFIER if client.client_identifier is ClientIdentifier.DUID_LLT:
            return data[:1], data[5:9], data[13:], len(data)
        case _:
            return data


def _listed(codes: list[int] | tuple[int, ...]) -> str:
    return " ".join(map(str, codes))
