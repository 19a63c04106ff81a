"""Comparison of a reply with the contract: each difference becomes a ``Finding``, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.firmware import Boot, NoBoot
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.values import shown_value
from edgeboot.server.dnsmasq.cause import likely_causes
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.fields import FIELDS, ReplyField
from edgeboot.spec.manifests.deployment import ServerConfig

_STATED: Final = object()
_COMPARED: Final = tuple(field for field in FIELDS.values() if field.stated)
_PROXY_OFFER: Final = (FIELDS["server_identifier"], FIELDS["options"])
_PROXY_ACK: Final = tuple(
    FIELDS[name] for name in ("server_identifier", "next_server", "bootfile", "options")
)


@dataclass(frozen=True, slots=True)
class Check:
    """``check(reply, "netmask")``: the reply's field is the contract's, or the test fails by a finding."""

    contract: Contract
    config: ServerConfig
    """The server's configuration, for the line that is the likely cause."""

    def __call__(self, reply: Reply, field: str, expected: object = _STATED) -> None:
        """Compare one field of a reply.

        Args:
            reply: the reply; its sender is the finding's.
            field: a property of ``Reply``, or ``options`` for the codes it carries.
            expected: another value than the contract's; no line of the configuration is named then.

        Raises:
            AssertionError: they differ; its only argument is the ``Finding``.
        """
        __tracebackhide__ = True  # pytest then shows the line of the test.
        if expected is _STATED:
            finding = difference(reply, FIELDS[field], self.contract, self.config)
        else:
            received = getattr(reply, field)
            same = received == expected
            finding = None if same else Finding(field, expected, received, Sender.of(reply))
        if finding is not None:
            raise AssertionError(finding)

    def sent_options(self, client: ClientProfile, reply: Reply) -> None:
        """A reply to this client carries only options of the contract; raises as for a field."""
        __tracebackhide__ = True
        unknown = frozenset(reply.message.options.codes) - self.contract.options
        if unknown:
            raise AssertionError(_unknown_options(unknown, reply, self.contract, self.config, client))

    def boots(self, client: ClientProfile, outcome: Boot | NoBoot, exchange: Exchange) -> None:
        """Compare what a client would boot with the contract's URL; raises as the comparison of a field."""
        __tracebackhide__ = True
        if outcome.url != self.contract.url_for(client):
            raise AssertionError(wrong_boot(client, outcome, exchange, self.contract, self.config))


def deviations(reply: Reply, contract: Contract, config: ServerConfig) -> tuple[Finding, ...]:
    """Everything in which the reply differs from the contract.

    A client that asked for a lease time of its own gets that one: compare such replies'
    times with ``Contract.granted_lease_time`` instead.
    """
    compared = (difference(reply, field, contract, config) for field in _fields(reply, contract))
    return tuple(finding for finding in compared if finding is not None)


def difference(reply: Reply, field: ReplyField, contract: Contract, config: ServerConfig) -> Finding | None:
    """The finding where the reply's field is not the contract's; None where it is.

    Raises:
        ValueError: the contract has no term for the field.
    """
    if field.contract_term is None:
        raise ValueError(f"the contract has no term for {field.name}")
    term = getattr(contract, field.contract_term)
    match field.name:
        case "address":
            received, fulfilled = reply.address, reply.address in term
        case "options":
            unknown = frozenset(reply.message.options.codes) - term
            return _unknown_options(unknown, reply, contract, config) if unknown else None
        case name:
            received = getattr(reply, name)
            fulfilled = received == term
    if fulfilled:
        return None
    return Finding(field.name, term, received, Sender.of(reply), likely_causes(field.name, received, config))


def _unknown_options(
    codes: frozenset[int],
    reply: Reply,
    contract: Contract,
    config: ServerConfig,
    client: ClientProfile | None = None,
) -> Finding:
    names = shown_value(codes)
    statement = (
        f"options: not in the contract: {names} from {reply.sender}"
        if client is None
        else f"{client} is sent {names}, which the contract does not know, by {reply.sender}"
    )
    causes = likely_causes("options", codes, config)
    return Finding("options", contract.options, codes, Sender.of(reply), causes, statement)


def wrong_boot(
    client: ClientProfile,
    outcome: Boot | NoBoot,
    exchange: Exchange,
    contract: Contract,
    config: ServerConfig,
) -> Finding:
    """The finding for a client that boots something else than the contract states; the field is ``boots``.

    Its sender is the server under test, or where that is silent the first that answered.
    """
    stated = contract.url_for(client)
    senders = [Sender.of(reply) for reply in exchange.replies]
    own = [sender for sender in senders if sender.address == contract.server_identifier]
    asked = outcome.boot_server
    first = f", after asking port {BOOT_SERVER_PORT} of {asked}" if asked else ""
    parts = urlsplit(outcome.url or "")
    return Finding(
        "boots",
        stated,
        outcome.url,
        next(iter(own or senders), None),
        likely_causes("boots", (parts.netloc, parts.path.lstrip("/")), config),
        f"{client} would boot {outcome}{first}; the contract says {stated or 'nothing'}; "
        f"answered by {', '.join(map(str, senders)) or 'nobody'}",
    )


def _fields(reply: Reply, contract: Contract) -> Iterator[ReplyField]:
    """What of the contract a reply must fulfil: a ProxyDHCP's only the boot data, the site's nothing."""
    if contract.proxy is None:
        yield from _COMPARED
    elif reply.datagram.source != contract.proxy.address_server:
        yield from _PROXY_OFFER if reply.is_proxy_offer else _PROXY_ACK
