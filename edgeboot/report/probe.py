"""What a probe found: each server's answer as the client that asked reads it, and all of them together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from rich.table import Table

from edgeboot.dhcp import firmware
from edgeboot.dhcp.clients import EDK2_PXE_X86_64, BootRules, ClientProfile
from edgeboot.dhcp.firmware import Boot, NoBoot
from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.dhcp.vocabulary import MessageType, option_name
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.report.findings import plain
from edgeboot.report.option_values import shown_option
from edgeboot.report.values import shown_value
from edgeboot.spec.contract.fields import FIELDS, ValueKind

_SHOWN: Final = tuple(field for field in FIELDS.values() if field.kind is not ValueKind.OPTIONS)
_ALWAYS: Final = (Code.VENDOR_CLASS_IDENTIFIER, Code.VENDOR_SPECIFIC)
"""Options 60 and 43: they decide whom PXE firmware asks."""


@dataclass(frozen=True, slots=True)
class ServerVerdict:
    """One server's answer, as the client that asked reads it."""

    reply: Reply
    milliseconds: float
    """From the DHCPDISCOVER, by the kernel's time stamps."""
    client: ClientProfile = EDK2_PXE_X86_64

    @property
    def outcome(self) -> Boot | NoBoot:
        """What the client would boot if this were the only answer."""
        if self.reply.message.message_type not in {MessageType.DHCPOFFER, None}:
            return NoBoot(f"a {self.reply.message.name} is no offer")
        return firmware.boots_from(self.client, [self.reply.message])

    @property
    def offers_an_address(self) -> bool:
        """Whether it is an offer with an address; a ProxyDHCP's has none."""
        offered = self.reply.message.message_type in {MessageType.DHCPOFFER, None}
        return offered and self.reply.address != UNSPECIFIED

    @property
    def repeated(self) -> tuple[int, ...]:
        """Option codes that occur more than once."""
        return tuple(self.reply.message.options.repeated)


def verdicts(exchange: Exchange, client: ClientProfile = EDK2_PXE_X86_64) -> list[ServerVerdict]:
    """A verdict for each reply, in order of arrival."""
    return [
        ServerVerdict(reply, (reply.frame.at - exchange.sent.at) * 1000, client) for reply in exchange.replies
    ]


def problems(answers: Sequence[ServerVerdict]) -> list[str]:
    """Why a node of this client would not boot reliably; empty where it would.

    A ProxyDHCP beside the server with addresses is no problem, a second server of either kind is.
    An operating system, which boots nothing, needs an address. What comes of a boot request is not
    known: it takes a lease, which a probe does not have.
    """
    found: list[str] = []
    with_address = [each for each in answers if each.offers_an_address]
    proxies = [each for each in answers if each.reply.is_proxy_offer]
    for servers, what in (
        (with_address, "offer an address"),
        (proxies, "offer boot data without an address"),
    ):
        if len(servers) > 1:
            senders = ", ".join(each.reply.sender for each in servers)
            found.append(f"{len(servers)} servers {what}: {senders}; a node takes one of them by chance")
    if not with_address:
        found.append("nobody offers an address")
    elif not boots_nothing(answers[0].client):
        outcome = _together(answers)
        if isinstance(outcome, NoBoot) and not outcome.requests:
            found.append(f"{answers[0].client} would boot {outcome}")
    return found


def boots_nothing(client: ClientProfile) -> bool:
    """Whether it is an operating system's client, which only wants an address."""
    return client.rules is BootRules.NOTHING


def together(answers: Sequence[ServerVerdict]) -> str:
    """What the client makes of all answers at once: address from one, boot data from another."""
    client, outcome = answers[0].client, _together(answers)
    first = f", but asks {outcome.requests[0]} first" if outcome.requests else ""
    return f"of all {len(answers)} answers {client} would boot {outcome}{first}"


def as_table(answers: Sequence[ServerVerdict], *, all_options: bool = False) -> Table:
    """The verdicts for people: a column for each server, and with ``all_options`` a row for each option."""
    table = Table()
    table.add_column("server", no_wrap=True)
    for verdict in answers:
        table.add_column(verdict.reply.sender, overflow="fold")
    table.add_row("after", *(f"{verdict.milliseconds:.0f} ms" for verdict in answers))
    table.add_row("message", *(verdict.reply.message.name for verdict in answers))
    for field in _SHOWN:
        table.add_row(field.label, *(shown_value(getattr(verdict.reply, field.name)) for verdict in answers))
    present = {code for verdict in answers for code in verdict.reply.message.options.codes}
    for code in sorted(present) if all_options else _ALWAYS:
        table.add_row(option_name(code), *(_option(verdict, code) for verdict in answers))
    table.add_row("repeated options", *(shown_value(frozenset(verdict.repeated)) for verdict in answers))
    table.add_row("would boot", *(str(verdict.outcome) for verdict in answers))
    return table


def as_objects(answers: Sequence[ServerVerdict]) -> list[dict[str, Any]]:
    """The verdicts as JSON has them: an object for each server, times in seconds, options in their order."""
    return [
        {
            "server": str(verdict.reply.datagram.source),
            "server_mac": str(verdict.reply.datagram.source_mac),
            "milliseconds": round(verdict.milliseconds, 3),
            "message": verdict.reply.message.name,
            **{field.name: plain(getattr(verdict.reply, field.name)) for field in _SHOWN},
            "boots": verdict.outcome.url,
            "repeated_options": list(verdict.repeated),
            "options": [
                {
                    "code": option.code,
                    "name": option_name(option.code).rpartition(" ")[0],
                    "value": shown_option(option.code, option.data),
                    "hex": option.data.hex(),
                }
                for option in verdict.reply.message.options
            ],
        }
        for verdict in answers
    ]


def as_json(answers: Sequence[ServerVerdict]) -> str:
    """The verdicts for programs."""
    return json.dumps(as_objects(answers), indent=2)


def _together(answers: Sequence[ServerVerdict]) -> Boot | NoBoot:
    messages = [verdict.reply.message for verdict in answers]
    return firmware.boots_from(answers[0].client, messages)


def _option(verdict: ServerVerdict, code: int) -> str:
    """Every occurrence of an option, in order."""
    values = verdict.reply.message.options.all(code)
    return ", ".join(shown_option(code, data) for data in values) or "nothing"
