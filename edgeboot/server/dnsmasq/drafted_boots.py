"""What each client of the table would boot by a dnsmasq.conf, for a drafted contract."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.clients import CLIENTS, EDK2_PXE_X86_64, BootRules, ClientProfile
from edgeboot.dhcp.firmware import Boot, NoBoot, bootfile, boots_from
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.dhcp.message import BOOTREPLY, UNSPECIFIED, DhcpMessage, option
from edgeboot.dhcp.options import Options
from edgeboot.dhcp.vocabulary import MessageType, OptionCode
from edgeboot.server.dnsmasq.config import Directive
from edgeboot.server.dnsmasq.offers import Configured
from edgeboot.spec.contract.draft import Term, place
from edgeboot.spec.contract.terms import URL

_UNSERVED: Final = "no dhcp-range is for it, and a ProxyDHCP answers PXE clients only"
_UNDECIDED: Final = "by no line of its own"
_MASK: Final = IPv4Address("255.255.255.0")
_BESIDE: Final = 1
"""The site's own server has the address behind a ProxyDHCP's, for what its offer is read for."""


@dataclass(frozen=True, slots=True)
class Predicted:
    """What one client is sent, and what it would boot by that."""

    client: ClientProfile
    offer: DhcpMessage | None
    """None if it is left alone."""
    replies: tuple[DhcpMessage, ...]
    """To its boot requests."""
    outcome: Boot | NoBoot
    decided_by: Directive | None
    """The line that leaves it alone, or that names its file."""
    depends_on_the_site: bool = False
    """Whether it depends on what the site's own server beside a ProxyDHCP sends with the address."""

    @property
    def named(self) -> str | None:
        """The file that it is sent, whether or not it boots it."""
        sent = [] if self.offer is None else [self.offer, *self.replies]
        names = (name.text for message in sent if (name := bootfile(message)) is not None)
        return next((name for name in names if name), None)

    @property
    def read(self) -> DhcpMessage | None:
        """The last message in which it looks for the file."""
        return self.replies[-1] if self.replies else self.offer


def predictions(configured: Configured, identity: EdgeNodeIdentity) -> tuple[Predicted, ...]:
    """For every client of the table, run by this machine."""
    return tuple(predicted(configured, identity.as_client(client)) for client in CLIENTS.values())


def predicted(configured: Configured, identity: EdgeNodeIdentity) -> Predicted:
    """For one client."""
    client, request = identity.client, identity.discover(1)
    offer = configured.offer(request)
    if offer is None:
        nothing = NoBoot("it is sent no offer")
        return Predicted(client, None, (), nothing, configured.ignoring(request))
    alone = (False, True) if configured.is_proxy else ()
    beside = [_address_alone(request, offer, names_itself=each) for each in alone]
    found = [_booted(configured, identity, [each, offer]) for each in beside]
    outcome, replies = next(iter(found), None) or _booted(configured, identity, [offer])
    depends = len({str(each) for each, _ in found}) > 1
    return Predicted(client, offer, replies, outcome, configured.deciding(request), depends)


def _booted(
    configured: Configured, identity: EdgeNodeIdentity, offers: Sequence[DhcpMessage]
) -> tuple[Boot | NoBoot, tuple[DhcpMessage, ...]]:
    """What the client boots by these offers, and the replies to its boot requests."""
    answers: list[tuple[DhcpMessage, ...]] = []
    outcome = boots_from(identity.client, offers)
    while len(outcome.requests) > len(answers):
        asked = outcome.requests[len(answers)]
        reply = None
        if asked.server in {None, configured.interface.ip}:
            reply = configured.boot_reply(identity.ask_boot_server(1, UNSPECIFIED, asked))
        answers.append(() if reply is None else (reply,))
        outcome = boots_from(identity.client, offers, from_boot_servers=answers)
    replies = [reply for answer in answers for reply in answer]
    return outcome, tuple(replies)


def _address_alone(request: DhcpMessage, beside: DhcpMessage, *, names_itself: bool) -> DhcpMessage:
    """The offer of the site's own server beside a ProxyDHCP: no file; dnsmasq names itself as siaddr."""
    server = beside.options.get(OptionCode.SERVER_IDENTIFIER) or bytes(4)
    other = IPv4Address(server) + _BESIDE
    kind = option(OptionCode.DHCP_MESSAGE_TYPE, MessageType.DHCPOFFER)
    mask = option(OptionCode.SUBNET_MASK, _MASK)
    options = Options((kind, option(OptionCode.SERVER_IDENTIFIER, other), mask))
    siaddr = other if names_itself else UNSPECIFIED
    return DhcpMessage(BOOTREPLY, request.xid, request.chaddr, options, yiaddr=other + 1, siaddr=siaddr)


def boots_terms(found: Sequence[Predicted]) -> Iterator[Term]:
    """What each client boots, or that it is left alone; a system that only gets an address is not stated."""
    for each in found:
        value = _value(each)
        if value is not None:
            source = _UNDECIDED if each.decided_by is None else place(each.decided_by)
            yield Term(f"boots.{each.client.name}", value, source)


def unsure(found: Sequence[Predicted]) -> Iterator[str]:
    """What the evaluation leaves open, for a person."""
    for each in found:
        if each.depends_on_the_site:
            yield f"what {each.client.name} boots, by what the site's own server sends"
        elif isinstance(each.outcome, Boot) and not URL.fullmatch(each.outcome.url):
            yield f"what {each.client.name} boots: {each.outcome}"
        if each.offer is None and each.client == EDK2_PXE_X86_64:
            yield f"{each.client.name}, as which the suite's nodes boot, is left alone"


def _value(each: Predicted) -> str | None:
    """The entry in TOML; None where there is none to state."""
    name, outcome = each.client.name, each.outcome
    if each.depends_on_the_site:
        return None
    if each.offer is None and each.client != EDK2_PXE_X86_64:
        reason = _UNSERVED if each.decided_by is None else str(each.decided_by)
        return f"{{ no_offer = {json.dumps(reason)} }}"
    if isinstance(outcome, Boot):
        return json.dumps(outcome.url) if URL.fullmatch(outcome.url) else None
    if each.client.rules is BootRules.NOTHING:
        return None
    return f"{{ nothing = {json.dumps(f'{name}: {outcome.reason}')} }}"
