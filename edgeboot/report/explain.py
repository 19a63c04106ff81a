"""The one place where a failed check gets its words: what differs, from whom, and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from ipaddress import IPv4Address
from typing import Any, Final
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.firmware import Boot, NoBoot
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, MessageType, option_name
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.server.dnsmasq.cause import likely_cause
from edgeboot.server.dnsmasq.pools import exhaustion
from edgeboot.server.log import LogLine
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.terms import AddressPool
from edgeboot.spec.manifests.deployment import ServerConfig

_WIDTH: Final = 110
_LONGEST: Final = 300
"""Characters of a comparison's words."""
_COMPARED: Final = (
    "netmask",
    "broadcast_address",
    "routers",
    "server_identifier",
    "lease_time",
    "renewal_time",
    "rebinding_time",
    "next_server",
    "server_name",
    "bootfile",
)
_BOOT_DATA: Final = ("server_identifier", "next_server", "bootfile")
_ADDRESSES: Final = frozenset(
    {
        Code.SUBNET_MASK,
        Code.ROUTER,
        Code.DOMAIN_NAME_SERVER,
        Code.BROADCAST_ADDRESS,
        Code.REQUESTED_IP_ADDRESS,
        Code.SERVER_IDENTIFIER,
    }
)


@dataclass(frozen=True, slots=True)
class Deviation:
    """One field of one reply that is not as the contract has it."""

    field: str
    expected: object
    received: object
    sender: str
    cause: str

    @property
    def summary(self) -> str:
        """Field, both values and the line to look at, in one line."""
        return (
            f"{self.field}: expected {shown_value(self.expected)}, received {shown_value(self.received)} "
            f"from {self.sender}; likely cause: {self.cause}"
        )


def deviations(reply: Reply, contract: Contract, config: ServerConfig) -> tuple[Deviation, ...]:
    """Everything in which the reply differs from the contract.

    A client that asked for a lease time of its own gets that one: compare such replies'
    times with ``Contract.granted_lease_time`` instead.
    """
    found: list[Deviation] = []

    def differs(field: str, expected: object, received: object) -> None:
        cause = likely_cause(field, received, config)
        found.append(Deviation(field, expected, received, reply.sender, cause))

    fields = _fields(reply, contract)
    if fields is _COMPARED and reply.address not in contract.pool:
        differs("address", contract.pool, reply.address)
    for field in fields:
        expected, received = getattr(contract, field), getattr(reply, field)
        if expected != received:
            differs(field, expected, received)
    if not fields:
        return tuple(found)
    unknown = set(reply.message.options.codes) - contract.options
    if unknown:
        differs("options", contract.options, unknown)
    return tuple(found)


def _fields(reply: Reply, contract: Contract) -> tuple[str, ...]:
    """What of the contract a reply must fulfil: a ProxyDHCP's only the boot data, the site's nothing."""
    if contract.proxy is None:
        return _COMPARED
    if reply.datagram.source == contract.proxy.address_server:
        return ()
    return ("server_identifier",) if reply.is_proxy_offer else _BOOT_DATA


def compared(left: object, right: object, found: Iterable[Deviation]) -> list[str]:
    """The words for a failed ``left == right`` or ``left in right``: the deviation it is about."""
    about = [each.summary for each in found if (each.received, each.expected) == (left, right)]
    return list(dict.fromkeys(about))


def differing(op: str, left: object, right: object, senders: Iterable[str]) -> list[str] | None:
    """The words for any other failed comparison: what was wanted, what came, and from whom.

    None where the values are too long for a line, and better shown by who compares them.
    """
    wanted = {"==": "", "is": "", "!=": "another than ", "in": "one of ", "not in": "none of "}.get(op)
    if wanted is None:
        return None
    told = f"expected {wanted}{shown_value(right)}, received {shown_value(left)}"
    whom = ", ".join(dict.fromkeys(senders))
    return None if len(told) > _LONGEST else [f"{told}, from {whom}" if whom else told]


def misboot(
    client: ClientProfile,
    outcome: Boot | NoBoot,
    exchange: Exchange,
    contract: Contract,
    config: ServerConfig,
) -> str:
    """The words for a client that boots something else than the contract says."""
    stated = contract.url_for(client) or "nothing"
    servers = ", ".join(reply.sender for reply in exchange.replies) or "nobody"
    first = f", after asking port {BOOT_SERVER_PORT} of {outcome.boot_server}" if outcome.boot_server else ""
    parts = urlsplit(outcome.url or "")
    cause = likely_cause("boots", (parts.netloc, parts.path.lstrip("/")), config)
    return (
        f"{client} would boot {outcome}{first}; the contract says {stated}; "
        f"answered by {servers}; likely cause: {cause}"
    )


def silence(
    exchange: Exchange,
    log: Sequence[LogLine],
    config: ServerConfig,
    leased: Callable[[], Iterable[IPv4Address]] = tuple,
    *,
    arrived: bool = True,
) -> str:
    """Why nothing came back, as far as the server's log about this client and its book tell.

    ``arrived`` is whether the message was seen at the server's port.
    """
    if exchange.overheard:
        return f"received {exchange.received}"
    if not log and not arrived:
        return (
            f"{exchange.summary} never came to the server's port; likely cause: a bridge port that does not "
            "forward (STP, VLAN), or a firewall on the bridge (bridge-nf-call-iptables with FORWARD at DROP)"
        )
    if not log:
        cause = likely_cause("deafness", "", config)
        return f"the server never saw {exchange.summary}; likely cause: {cause}"
    refused = [line.text.strip() for line in log if " no " in line.text or "ignored" in line.text]
    said = refused[-1] if refused else log[-1].text.strip()
    full = exhaustion(config, leased()) if "no address available" in said else None
    cause = ", ".join(filter(None, (full, likely_cause("refusal", "", config))))
    return f"the server saw {exchange.summary} and said {said!r}; likely cause: {cause}"


def telling(log: Sequence[LogLine]) -> str:
    """The log lines a reader needs beside the exchange table, which has every option already."""
    lines = [line.text for line in log if not re.search(r"requested options:|sent size:", line.text)]
    return "\n".join(lines) or "(nothing)"


def exchange_table(exchange: Exchange) -> str:
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
    for name in ("xid", "flags", "ciaddr", "yiaddr", "siaddr", "giaddr", "chaddr"):
        values = [getattr(message, name) for message in messages]
        table.add_row(name, *(f"{v:#x}" if isinstance(v, int) else str(v) for v in values))
    for name in ("sname", "file"):
        fields = [getattr(message, name).rstrip(b"\0") for message in messages]
        table.add_row(name, *(field.decode("ascii", "backslashreplace") for field in fields))
    for code in dict.fromkeys(code for message in messages for code in message.options.codes):
        each = ["\n".join(_value(code, data) for data in message.options.all(code)) for message in messages]
        table.add_row(option_name(code), *each)
    faults = ["\n".join(message.options.faults) for message in messages]
    if any(faults):
        table.add_row("malformed", *faults)
    return as_text(table)


def deviation_table(found: Iterable[Deviation]) -> str:
    """All deviations, a row each, as text."""
    table = Table()
    for heading in ("field", "expected", "received", "from", "likely cause"):
        table.add_column(heading, overflow="fold")
    for each in found:
        table.add_row(
            each.field, shown_value(each.expected), shown_value(each.received), each.sender, each.cause
        )
    return as_text(table)


def as_text(renderable: object) -> str:
    """A rich renderable without colours or control codes, for reports and files."""
    console = plain_console(width=_WIDTH, color_system=None, force_terminal=False, highlight=False)
    with console.capture() as capture:
        console.print(renderable)
    return capture.get().rstrip("\n")


def plain_console(**options: Any) -> Console:
    """A console that shows a server's words as they are: ``[b]`` is no markup, ``:ab:`` no emoji."""
    return Console(markup=False, emoji=False, **options)


def shown_value(value: object) -> str:
    """A value as a person would write it."""
    match value:
        case None:
            return "nothing"
        case timedelta():
            return str(value)
        case AddressPool():
            return f"{value.first}-{value.last}"
        case tuple():
            return ", ".join(shown_value(item) for item in value) or "nothing"
        case set() | frozenset():
            in_order = (
                sorted(value) if all(isinstance(each, int) for each in value) else sorted(value, key=str)
            )
            names = (option_name(each) if isinstance(each, int) else str(each) for each in in_order)
            return ", ".join(names) or "none"
        case Enum():
            return value.name
        case IPv4Address() | MacAddress() | str():
            return str(value)
        case _:
            return repr(value)


def _value(code: int, data: bytes) -> str:
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
