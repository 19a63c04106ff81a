"""Comparison of a reply with the contract: each difference becomes a ``Finding``, once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.firmware import Boot, NoBoot
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.unstated import BootsAs, wrong_at_any_site
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

    def answers(self, client: ClientProfile, own: Sequence[Reply], exchange: Exchange) -> None:
        """The server under test answers a client, or leaves it alone; raises as for a field.

        Args:
            client: the one that sent the DHCPDISCOVER.
            own: the replies of the server under test, of those of ``exchange``.
            exchange: a sentinel has ended it where no reply is sure to come.
        """
        __tracebackhide__ = True
        finding = wrong_answer(client, own, exchange, self.contract)
        if finding is not None:
            raise AssertionError(finding)

    def boots_nothing_wrong(
        self, client: ClientProfile, outcome: Boot | NoBoot, exchange: Exchange, boots_as: BootsAs
    ) -> None:
        """A client that is not stated boots nothing that is wrong at any site; raises as for a field."""
        __tracebackhide__ = True
        why = outcome.url and wrong_at_any_site(client, outcome.url, self.contract, boots_as)
        if why:
            statement = f"{client}, which the contract does not name, is sent to {outcome.url}, {why}"
            raise AssertionError(_boots_finding(outcome, exchange, self.contract, self.config, statement))


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
    stated, asked = contract.url_for(client), outcome.boot_server
    first = f", after asking port {BOOT_SERVER_PORT} of {asked}" if asked else ""
    statement = f"{client} would boot {outcome}{first}; the contract says {stated or 'nothing'}"
    return _boots_finding(outcome, exchange, contract, config, statement, stated)


def _boots_finding(
    outcome: Boot | NoBoot,
    exchange: Exchange,
    contract: Contract,
    config: ServerConfig,
    statement: str,
    expected: str | None = None,
) -> Finding:
    senders = [Sender.of(reply) for reply in exchange.replies]
    own = [sender for sender in senders if sender.address == contract.server_identifier]
    parts = urlsplit(outcome.url or "")
    return Finding(
        "boots",
        expected,
        outcome.url,
        next(iter(own or senders), None),
        likely_causes("boots", (parts.netloc, parts.path.lstrip("/")), config),
        f"{statement}; answered by {', '.join(map(str, senders)) or 'nobody'}",
    )


def wrong_answer(
    client: ClientProfile, own: Sequence[Reply], exchange: Exchange, contract: Contract
) -> Finding | None:
    """The finding where a client is answered that is left alone, or the other way round; else None."""
    why = contract.left_alone(client)
    sender = Sender.of(own[0]) if own else None
    if own and why is not None:
        statement = f"{client} is answered by {sender}, and the contract says that it is left alone: {why}"
    elif not own and contract.is_answered(client):
        statement = f"the server under test does not answer {client}, received {exchange.received}"
    elif not own and contract.may_not_be_silent_to(client):
        statement = (
            f"the server under test does not answer {client}, which the contract does not name; if it is to "
            f'be left alone, state boots.{client} = {{ no_offer = "why" }}; received {exchange.received}'
        )
    else:
        return None
    expected, received = ("no offer", "an offer") if own else ("an offer", "no offer")
    return Finding("answer", expected, received, sender, (), statement)


def _fields(reply: Reply, contract: Contract) -> Iterator[ReplyField]:
    """What of the contract a reply must fulfil: a ProxyDHCP's only the boot data, the site's nothing."""
    if contract.proxy is None:
        yield from _COMPARED
    elif reply.datagram.source != contract.proxy.address_server:
        yield from _PROXY_OFFER if reply.is_proxy_offer else _PROXY_ACK
