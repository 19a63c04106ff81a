"""Comparison of what a client is sent, and of what it would boot, with the contract."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.firmware import Boot, NoBoot
from edgeboot.dhcp.vocabulary import MessageType, OptionCode
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.report.boot_server import decides, without_siaddr
from edgeboot.report.client_boot import ClientBoot, client_boot
from edgeboot.report.default_route import wrong_default_route
from edgeboot.report.failure import Different
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.option_check import option_deviations
from edgeboot.report.static_routes import wrong_static_routes
from edgeboot.report.unstated import BootsAs, wrong_at_any_site
from edgeboot.report.values import shown_value
from edgeboot.server.dnsmasq.cause import likely_causes
from edgeboot.server.dnsmasq.deciding import Sent
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.manifests.deployment import ServerConfig


@dataclass(frozen=True, slots=True)
class ClientCheck:
    """Checks of one client; each raises AssertionError, whose only argument is the ``Finding``."""

    contract: Contract
    config: ServerConfig
    """The server's configuration, for the line that is the likely cause."""
    boots_seen: list[ClientBoot] = field(default_factory=list, compare=False)
    """What clients were seen to boot, right or wrong; whoever reports it empties the list."""

    def sent_options(self, client: ClientProfile, reply: Reply) -> None:
        """A reply to this client carries only options of the contract; raises as for a field.

        A client that is not named may be sent what is stated for another one that it resembles.
        """
        __tracebackhide__ = True
        options = self.contract.options
        is_named = self.contract.states(client) or client.name in options.for_client
        allowed = options.codes_for(client.name) if is_named else options.codes
        unknown = frozenset(reply.message.options.codes) - allowed - self.contract.codes_of(reply.request)
        if unknown:
            raise AssertionError(unknown_options(unknown, reply, self.contract, self.config, client))

    def stated_options(self, client: ClientProfile, reply: Reply, asked: Collection[int] | None) -> None:
        """Every option that the contract states has its value in a reply to this client.

        Args:
            client: the one that the reply is to.
            reply: its offer or acknowledgement.
            asked: the codes of its parameter request list; None without one.

        Raises:
            AssertionError: an option has not; its arguments are the findings.
        """
        __tracebackhide__ = True
        findings = tuple(option_deviations(client, reply, asked or (), self.contract, self.config))
        if findings:
            raise Different(*findings)

    def boots(self, client: ClientProfile, outcome: Boot | NoBoot, exchange: Exchange) -> None:
        """Compare what a client would boot with the contract's URL; raises as the comparison of a field."""
        __tracebackhide__ = True
        self.boots_seen.append(client_boot(client, outcome, exchange, self.contract))
        if outcome.url != self.contract.url_for(client):
            raise AssertionError(wrong_boot(client, outcome, exchange, self.contract, self.config))

    def lacks_nothing(self, reply: Reply, other: Reply, client: ClientProfile, codes: frozenset[int]) -> None:
        """Of these options a client is sent each one that another client is; raises as for a field."""
        __tracebackhide__ = True
        missing = codes & frozenset(other.message.options.codes) - frozenset(reply.message.options.codes)
        if missing:
            names, sender = shown_value(missing), Sender.of(reply)
            statement = f"{client} is not sent {names}, which a PXE client is, by {sender}"
            raise AssertionError(Finding("options", missing, frozenset(), sender, (), statement))

    def default_route(self, client: ClientProfile, reply: Reply) -> None:
        """The client's default route is by the contract's router; raises as for a field."""
        __tracebackhide__ = True
        finding = wrong_default_route(client, reply, self.contract, self.config)
        if finding is not None:
            raise AssertionError(finding)

    def static_routes(self, client: ClientProfile, reply: Reply) -> None:
        """The client's other routes are those that the contract states; raises as for a field."""
        __tracebackhide__ = True
        finding = wrong_static_routes(client, reply, self.contract, self.config)
        if finding is not None:
            raise AssertionError(finding)

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

    def commits(self, client: ClientProfile, exchange: Exchange) -> None:
        """A client that sends option 80 is offered an address, or given it at once where that is stated.

        Raises:
            AssertionError: as for a field.
            NotAnswered: there is not exactly one reply.
        """
        __tracebackhide__ = True
        if MessageType.DHCPACK not in exchange.answers:
            _ = exchange.offer
            return
        finding = wrong_commit(client, exchange.ack, self.contract, self.config)
        if finding is not None:
            raise AssertionError(finding)

    def boots_nothing_wrong(
        self, client: ClientProfile, outcome: Boot | NoBoot, exchange: Exchange, boots_as: BootsAs
    ) -> None:
        """A client that is not stated boots nothing that is wrong at any site; raises as for a field."""
        __tracebackhide__ = True
        self.boots_seen.append(client_boot(client, outcome, exchange, self.contract))
        why = outcome.url and wrong_at_any_site(client, outcome.url, self.contract, boots_as)
        if why:
            statement = f"{client}, which the contract does not name, is sent to {outcome.url}, {why}"
            raise AssertionError(
                _boots_finding(client, outcome, exchange, self.contract, self.config, statement)
            )


def unknown_options(
    codes: frozenset[int],
    reply: Reply,
    contract: Contract,
    config: ServerConfig,
    client: ClientProfile | None = None,
) -> Finding:
    """The finding for options that the contract does not know: in a reply, or in one to this client."""
    names = shown_value(codes)
    statement = (
        f"options: not in the contract: {names} from {reply.sender}"
        if client is None
        else f"{client} is sent {names}, which the contract does not know, by {reply.sender}"
    )
    sent = Sent.answered(reply.request, reply.message)
    causes = likely_causes("options", codes, config, sent=sent)
    return Finding("options", contract.options.codes, codes, Sender.of(reply), causes, statement)


def wrong_boot(
    client: ClientProfile,
    outcome: Boot | NoBoot,
    exchange: Exchange,
    contract: Contract,
    config: ServerConfig,
) -> Finding:
    """The finding for a client that boots something else than the contract states; the field is ``boots``.

    Its sender is the one whose reply the client follows, else the server under test.
    """
    stated, asked = contract.url_for(client), " and ".join(map(str, outcome.requests))
    first = f", after asking {asked}" if asked else ""
    statement = f"{client} would boot {outcome}{first}; the contract says {stated or 'nothing'}"
    return _boots_finding(client, outcome, exchange, contract, config, statement, stated)


def _boots_finding(
    client: ClientProfile,
    outcome: Boot | NoBoot,
    exchange: Exchange,
    contract: Contract,
    config: ServerConfig,
    statement: str,
    expected: str | None = None,
) -> Finding:
    senders = [Sender.of(reply) for reply in exchange.replies]
    own = [reply for reply in exchange.replies if reply.datagram.source == contract.server_identifier]
    first = next(iter((*own, *exchange.replies)), None)
    deciding = decides(client, outcome, exchange.replies) or first
    sent = Sent(exchange.request, deciding.message if deciding else None)
    causes = likely_causes("boots", _parts(outcome.url), config, expected=_parts(expected), sent=sent)
    answered = f"answered by {', '.join(map(str, senders)) or 'nobody'}"
    text = f"{statement}{without_siaddr(outcome, deciding)}; {answered}"
    sender = Sender.of(deciding) if deciding else None
    return Finding("boots", expected, outcome.url, sender, causes, text)


def _parts(url: str | None) -> tuple[str, ...]:
    """A URL, its host and its path, as a dnsmasq.conf may name them; none of nothing."""
    parts = urlsplit(url or "")
    return tuple(filter(None, (url, parts.netloc, parts.path.removeprefix("/"))))


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
        if contract.proxy is None and not contract.states(client):
            statement += (
                f'; the contract does not name it: boots.{client} = {{ no_offer = "why" }} leaves it alone'
            )
    else:
        return None
    expected, received = ("no offer", "an offer") if own else ("an offer", "no offer")
    return Finding("answer", expected, received, sender, (), statement)


def wrong_commit(
    client: ClientProfile, ack: Reply, contract: Contract, config: ServerConfig
) -> Finding | None:
    """The finding where a DHCPACK to a DHCPDISCOVER is not stated or lacks option 80; None if it is right."""
    sender, has_option = Sender.of(ack), OptionCode.RAPID_COMMIT in ack.message.options
    if contract.rapid_commit and has_option:
        return None
    commits = f"{client} asks with option 80, and {sender} commits at once"
    if not contract.rapid_commit:
        default = "" if contract.states_rapid_commit else " (by default)"
        statement = (
            f"{commits} (option 80): DHCPACK of {ack.address}; "
            f"the contract states rapid_commit = false{default}"
        )
        causes = likely_causes("rapid_commit", None, config)
        return Finding("rapid_commit", False, True, sender, causes, statement)
    statement = f"{commits}, and its DHCPACK has no option 80: the client discards it (RFC 4039 section 4)"
    return Finding("rapid_commit", "option 80", None, sender, (), statement)
