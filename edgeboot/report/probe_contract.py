"""What a probe's answers differ in from a contract; no cause is known, as no configuration is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

from edgeboot.dhcp.client_routes import routes_of_client
from edgeboot.dhcp.firmware import NoBoot, boots_from
from edgeboot.dhcp.vocabulary import OptionCode
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.report.check import deviations
from edgeboot.report.client_check import wrong_answer, wrong_boot
from edgeboot.report.default_route import wrong_default_route
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.option_check import option_deviations
from edgeboot.report.probe import ServerVerdict
from edgeboot.report.relayed_check import relayed_deviations
from edgeboot.report.rogue_servers import SERVERS
from edgeboot.report.static_routes import wrong_static_routes
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.manifests.deployment import ServerConfig

NO_CONFIG: Final = ServerConfig("", Path(), "")


def differences(
    answers: Sequence[ServerVerdict], exchange: Exchange, contract: Contract
) -> tuple[Finding, ...]:
    """Everything in which they differ, the answers one by one first."""
    findings = [
        *(finding for each in answers for finding in of_answer(each, exchange, contract)),
        *_of_all(answers, exchange, contract),
    ]
    return tuple(replace(finding, causes=()) for finding in findings)


def of_answer(answer: ServerVerdict, exchange: Exchange, contract: Contract) -> Iterator[Finding]:
    """Everything in which one answer differs, by itself: its server, its fields, how soon it came."""
    reply, giaddr = answer.reply, exchange.request.giaddr
    if not _is_known(reply, contract):
        known = ", ".join(map(str, _known(contract)))
        statement = f"{reply.sender} answers with a {reply.message.name}, and the contract has only {known}"
        yield Finding(
            SERVERS, contract.server_identifier, reply.datagram.source, Sender.of(reply), (), statement
        )
        return
    relayed = next((each for each in contract.relayed_networks if giaddr in each.network), None)
    if relayed is None:
        yield from deviations(reply, contract, NO_CONFIG)
        yield from _of_options(answer, exchange, contract)
    else:
        yield from relayed_deviations(relayed, reply, answer.client, contract, NO_CONFIG)
    took = timedelta(milliseconds=round(answer.milliseconds))
    if took > contract.first_answer_time:
        yield Finding("first_answer_time", contract.first_answer_time, took, Sender.of(reply))


def _of_options(answer: ServerVerdict, exchange: Exchange, contract: Contract) -> Iterator[Finding]:
    """The options and routes that the contract states for this client, where the server has others."""
    reply, asked = answer.reply, exchange.request.options.get(OptionCode.PARAMETER_REQUEST_LIST)
    if not _is(reply, contract.server_identifier):
        return
    yield from option_deviations(answer.client, reply, asked or (), contract, NO_CONFIG)
    client = replace(answer.client, parameters=None if asked is None else tuple(asked))
    static = wrong_static_routes(client, reply, contract, NO_CONFIG)
    default = wrong_default_route(client, reply, contract, NO_CONFIG)
    # Of option 3 the difference has been told.
    by_routers = not routes_of_client(reply.message.options, client).ignores_routers
    yield from (finding for finding in (static, None if by_routers else default) if finding is not None)


def _of_all(answers: Sequence[ServerVerdict], exchange: Exchange, contract: Contract) -> Iterator[Finding]:
    client = answers[0].client if answers else None
    own = [each.reply for each in answers if _is(each.reply, contract.server_identifier)]
    giaddr = exchange.request.giaddr
    if giaddr != IPv4Address(0) and not any(giaddr in network for network in contract.served_networks):
        if own:
            networks = ", ".join(map(str, contract.served_networks)) or "none"
            statement = f"a relay at {giaddr} is answered, and the contract serves those of {networks}"
            yield Finding("answer", "no offer", "an offer", Sender.of(own[0]), (), statement)
        return
    if client is None or not own:
        statement = f"{contract.server_identifier} does not answer, received {exchange.received}"
        unanswered = Finding("answer", "an offer", "no offer", None, (), statement)
        yield unanswered if client is None else wrong_answer(client, own, exchange, contract) or unanswered
        return
    known = [each.reply.message for each in answers if _is_known(each.reply, contract)]
    outcome = boots_from(client, known)
    relayed = any(giaddr in each.network for each in contract.relayed_networks)
    asks = isinstance(outcome, NoBoot) and outcome.requests  # Known only by who has a lease.
    if client.name in contract.boots and not (asks or relayed) and outcome.url != contract.url_for(client):
        yield wrong_boot(client, outcome, exchange, contract, NO_CONFIG)


def _known(contract: Contract) -> tuple[IPv4Address, ...]:
    return tuple(dict.fromkeys((contract.server_identifier, contract.address_server)))


def _is_known(reply: Reply, contract: Contract) -> bool:
    return any(_is(reply, address) for address in _known(contract))


def _is(reply: Reply, server: IPv4Address) -> bool:
    """Whether it is of the server with this address; one may send from another of its addresses."""
    return server in {reply.datagram.source, reply.server_identifier}
