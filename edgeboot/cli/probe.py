"""Finds the DHCP servers of a segment, and predicts what firmware would boot from each answer."""

from __future__ import annotations

import errno
import json
import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.table import Table

from edgeboot.base.deadline import Wait
from edgeboot.base.errors import LabError, UsageError
from edgeboot.base.mac import MacAddress
from edgeboot.dhcp import firmware
from edgeboot.dhcp.clients import EDK2_PXE_X86_64, ClientProfile
from edgeboot.dhcp.firmware import Boot, NoBoot
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.machine import interfaces
from edgeboot.machine.interfaces import missing, without_link
from edgeboot.machine.wire.port import Port
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.report.findings import plain
from edgeboot.report.values import shown_value
from edgeboot.spec.contract.fields import FIELDS, ValueKind


@dataclass(frozen=True, slots=True)
class ServerVerdict:
    """One server's answer, as the client that asked reads it."""

    reply: Reply
    milliseconds: float
    client: ClientProfile = EDK2_PXE_X86_64

    @property
    def outcome(self) -> Boot | NoBoot:
        """What the client would boot if this were the only answer."""
        if self.reply.message.message_type not in {MessageType.DHCPOFFER, None}:
            return NoBoot(f"a {self.reply.message.name} is no offer")
        return firmware.boots_from(self.client, [self.reply.message])

    @property
    def repeated(self) -> tuple[int, ...]:
        """Option codes that occur more than once."""
        return tuple(self.reply.message.options.repeated)


_SHOWN: Final = tuple(field for field in FIELDS.values() if field.kind is not ValueKind.OPTIONS)


def probe(interface: str, client: ClientProfile) -> Exchange:
    """Send one client's DHCPDISCOVER on an interface and collect the offers; takes no lease.

    The MAC is locally administered and random: no existing lease is affected.

    Raises:
        UsageError: there is no such interface, or it is down.
        LabError: the process may not open packet sockets.
    """
    _check(interface)
    mac = MacAddress(bytes((0x02, 0xEB)) + random.SystemRandom().randbytes(4))
    identity = EdgeNodeIdentity(mac, uuid.uuid4()).as_client(client)
    try:
        port = Port(interface, mac)
    except PermissionError as error:
        raise LabError(
            f"interface {interface}", "no right to open packet sockets", "run as root, or grant CAP_NET_RAW"
        ) from error
    except OSError as error:
        reason = errno.errorcode.get(error.errno or 0, "?")
        raise LabError(
            f"interface {interface}", f"cannot be used ({reason}: {error.strerror})", "name another"
        ) from error
    try:
        return EdgeNode(identity, port).discover(grace=Wait.OTHER_SERVERS)
    finally:
        port.close()


def verdicts(exchange: Exchange, client: ClientProfile = EDK2_PXE_X86_64) -> list[ServerVerdict]:
    """A verdict for each reply, in order of arrival."""
    return [
        ServerVerdict(reply, (reply.frame.at - exchange.sent.at) * 1000, client) for reply in exchange.replies
    ]


def together(answers: Sequence[ServerVerdict]) -> str:
    """What the client makes of all answers at once: address from one, boot data from another."""
    client = answers[0].client
    outcome = firmware.boots_from(client, [verdict.reply.message for verdict in answers])
    first = f", but asks {outcome.requests[0]} first" if outcome.requests else ""
    return f"of all {len(answers)} answers {client} would boot {outcome}{first}"


def blind_spot(interface: str) -> str | None:
    """Why a probe of this interface may miss servers; None if it is attached as a node would be."""
    if (interfaces.NETWORK_DEVICES / interface / "bridge").is_dir():
        return (
            f"{interface} is a bridge: frames sent on it reach its ports only, not a server on this host; "
            "probe from a port of it (a veth) to see all"
        )
    return None


def as_table(answers: Sequence[ServerVerdict]) -> Table:
    """The verdicts for people: a column a server."""
    table = Table()
    table.add_column("server", no_wrap=True)
    for verdict in answers:
        table.add_column(verdict.reply.sender, overflow="fold")
    table.add_row("after", *(f"{verdict.milliseconds:.0f} ms" for verdict in answers))
    for field in _SHOWN:
        table.add_row(field.label, *(shown_value(getattr(verdict.reply, field.name)) for verdict in answers))
    table.add_row("repeated options", *(shown_value(frozenset(verdict.repeated)) for verdict in answers))
    table.add_row("would boot", *(str(verdict.outcome) for verdict in answers))
    return table


def as_json(answers: Sequence[ServerVerdict]) -> str:
    """The verdicts for programs: a list, one object a server, times in seconds."""
    return json.dumps(
        [
            {
                "server": str(verdict.reply.datagram.source),
                "server_mac": str(verdict.reply.datagram.source_mac),
                "milliseconds": round(verdict.milliseconds, 3),
                "message": verdict.reply.message.name,
                **{field.name: plain(getattr(verdict.reply, field.name)) for field in _SHOWN},
                "boots": verdict.outcome.url,
                "repeated_options": list(verdict.repeated),
            }
            for verdict in answers
        ],
        indent=2,
    )


def _check(interface: str) -> None:
    obstacle = missing(interface) or without_link(interface)
    if obstacle is not None:
        raise UsageError(f"--interface {interface}", *obstacle)
