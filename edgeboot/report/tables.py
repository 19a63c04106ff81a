"""Exchanges and findings as tables of text, for a failed test's report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache
from ipaddress import IPv4Address
from typing import Final

from rich.table import Table

from edgeboot.dhcp.vocabulary import MessageType, option_name
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.node.exchange import Exchange
from edgeboot.report.findings import Finding
from edgeboot.report.values import WIDTH, as_text, shown_value
from edgeboot.server.log import time_of_day
from edgeboot.spec.contract.fields import FIELDS, ValueKind

_ADDRESSES: Final = frozenset(
    {
        Code.REQUESTED_IP_ADDRESS,
        *(
            field.option
            for field in FIELDS.values()
            if field.kind in {ValueKind.ADDRESS, ValueKind.ADDRESSES} and field.option is not None
        ),
    }
)


@lru_cache(maxsize=64)  # What a session's fixture keeps is evidence of every test that looks at it.
def exchange_table(exchange: Exchange, width: int = WIDTH) -> str:
    """Request and replies side by side, every option in its order, as text."""
    table = Table(title=exchange.summary, title_justify="left")
    table.add_column("field")
    table.add_column("sent")
    for reply in exchange.replies:
        table.add_column(f"{reply.message.name}\n{reply.sender}")
    messages = [exchange.request, *(reply.message for reply in exchange.replies)]
    table.add_row(
        "to",
        "broadcast",
        *(f"{r.datagram.destination} {r.datagram.destination_mac}" for r in exchange.replies),
    )
    frames = [exchange.sent, *(reply.frame for reply in exchange.replies)]
    table.add_row("at", *(time_of_day(frame.at) for frame in frames))
    table.add_row("xid", *(message.shown_xid for message in messages))
    for name in ("flags", "ciaddr", "yiaddr", "siaddr", "giaddr", "chaddr"):
        values = [getattr(message, name) for message in messages]
        table.add_row(name, *(f"{v:#x}" if isinstance(v, int) else str(v) for v in values))
    for name in ("sname", "file"):
        fields = [getattr(message, name).rstrip(b"\0") for message in messages]
        table.add_row(name, *(field.decode("ascii", "backslashreplace") for field in fields))
    for code in dict.fromkeys(code for message in messages for code in message.options.codes):
        each = [
            "\n".join(option_text(code, data) for data in message.options.all(code)) for message in messages
        ]
        table.add_row(option_name(code), *each)
    faults = ["\n".join(message.options.faults) for message in messages]
    if any(faults):
        table.add_row("malformed", *faults)
    return as_text(table, width)


def finding_table(findings: Iterable[Finding], width: int = WIDTH) -> str:
    """A row for each finding, as text."""
    table = Table()
    for heading in ("field", "expected", "received", "from", "likely cause"):
        table.add_column(heading, overflow="fold")
    for each in findings:
        sender = str(each.sender or "nobody")
        table.add_row(
            each.field, shown_value(each.expected), shown_value(each.received), sender, each.likely_cause
        )
    return as_text(table, width)


def option_text(code: int, data: bytes) -> str:
    """An option's data as its kind is read; what does not fit its kind stays octets."""
    match code:
        case Code.IP_ADDRESS_LEASE_TIME | Code.RENEWAL_TIME | Code.REBINDING_TIME if len(data) == 4:
            return f"{int.from_bytes(data)} s ({timedelta(seconds=int.from_bytes(data))})"
        case Code.DHCP_MESSAGE_TYPE if len(data) == 1 and data[0] in MessageType.__members__.values():
            return f"{data[0]} {MessageType(data[0]).name}"
        case Code.PARAMETER_REQUEST_LIST:
            return " ".join(str(octet) for octet in data)
        case Code.MAXIMUM_DHCP_MESSAGE_SIZE | Code.CLIENT_SYSTEM_ARCHITECTURE if len(data) == 2:
            return str(int.from_bytes(data))
        case _ if code in _ADDRESSES and data and len(data) % 4 == 0:
            return ", ".join(str(IPv4Address(data[at : at + 4])) for at in range(0, len(data), 4))
    text = data.rstrip(b"\0")
    if text and all(32 <= octet < 127 for octet in text):
        return text.decode() + "\\0" * (len(data) - len(text))
    return data.hex(" ")
