"""Comparison of what a relayed network is sent with the contract."""

from __future__ import annotations

from collections.abc import Container, Iterator
from contextlib import suppress
from ipaddress import IPv4Address
from urllib.parse import urlsplit

from edgeboot.base.paths import shown
from edgeboot.dhcp.client_routes import CLASSLESS
from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.dhcp.routes import StaticRoute, classless_routes
from edgeboot.dhcp.vocabulary import SERVER_PORT, option_name
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.values import shown_value
from edgeboot.server.dnsmasq.cause import likely_causes, option_causes
from edgeboot.server.dnsmasq.deciding import Sent
from edgeboot.server.dnsmasq.pools import relay_in
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.relayed import RelayedNetwork
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import ServerConfig


def relay_of(relayed: RelayedNetwork, config: ServerConfig) -> IPv4Address:
    """The address of a relay in the network: by what is stated, else one that a dhcp-range is for."""
    stated = relayed.pool is not None or bool(relayed.routers)
    return relayed.relay if stated else relay_in(relayed.network, config) or relayed.relay


def unanswered(relayed: RelayedNetwork, exchange: Exchange, config: ServerConfig) -> Finding | None:
    """The finding where no reply went back to the relay at its port 67; None where one did."""
    relay = exchange.request.giaddr
    to = [(reply.datagram.destination, reply.datagram.destination_port) for reply in exchange.replies]
    if (relay, SERVER_PORT) in to:
        return None
    expected = f"an offer to {relay} port {SERVER_PORT}"
    if to:
        received = ", ".join(f"a reply to {address} port {port}" for address, port in to)
        return Finding("answer", expected, received, Sender.of(exchange.replies[0]))
    statement = (
        f"a relay of {relayed} (giaddr {relay}) is not answered, which the contract promises: "
        f"no offer to {exchange.summary}"
    )
    missing = Cause(shown(config.source), None, f"has no dhcp-range in {relayed}")
    causes = () if relay_in(relayed.network, config) else (missing,)
    return Finding("answer", expected, None, None, causes, statement)


def relayed_deviations(
    relayed: RelayedNetwork, offer: Reply, client: ClientProfile, contract: Contract, config: ServerConfig
) -> Iterator[Finding]:
    """Everything in which an offer does not fit the relayed network, or what is stated about it.

    Args:
        relayed: the network.
        offer: the reply to its relay.
        client: the client that asked through it, for all options that are stated.
        contract: for what holds for all networks.
        config: the server's configuration, for the line that is the likely cause.
    """
    sender = Sender.of(offer)
    sent = Sent.answered(offer.request, offer.message)

    def finding(field: str, expected: object, received: object) -> Finding:
        causes = likely_causes(field, received, config, expected=expected, sent=sent)
        comparison = f"expected {shown_value(expected)}, received {shown_value(received)} from {sender}"
        statement = f"{field} through a relay of {relayed}: {comparison}"
        return Finding(field, expected, received, sender, causes, statement)

    address, addresses = _addresses(relayed, offer, contract)
    if offer.address not in addresses:
        yield finding("address", address, offer.address)
    for name, expected in relayed.terms.items():
        received = getattr(offer, name)
        if received != expected:
            yield finding(name, expected, received)
    if relayed.routers is None and not all(router in relayed.network for router in offer.routers):
        yield finding("routers", f"routers in {relayed}", offer.routers)
    if relayed.next_server is None and _is_led_astray(offer, contract):
        yield finding("next_server", contract.next_server, offer.next_server)
    yield from _leading_out(relayed, offer, contract, config)
    for stated in relayed.options.stated_for(client.name):
        value = stated.received(offer.message.options)
        if value != stated.value:
            causes = option_causes(stated.code, value, config, expected=stated.value, sent=sent)
            yield Finding(str(stated), stated.value, value, sender, causes)
    allowed = contract.options.codes | relayed.options.codes | contract.codes_of(offer.request)
    unknown = frozenset(offer.message.options.codes) - allowed
    if unknown:
        yield finding("options", contract.options.codes, unknown)


def _addresses(
    relayed: RelayedNetwork, offer: Reply, contract: Contract
) -> tuple[object, Container[IPv4Address]]:
    """The addresses that fit: as a finding shows them, and themselves."""
    reserved = contract.reservation_of(offer.request)
    if reserved is not None and reserved.address in relayed.network:
        return reserved.address, (reserved.address,)
    if relayed.pool is not None:
        return relayed.pool, relayed.pool
    return str(relayed.network), relayed.network


def _is_led_astray(offer: Reply, contract: Contract) -> bool:
    """Whether a file is named, not by a URL, of a host that no term of the contract names."""
    file = offer.bootfile or ""
    return bool(file) and "://" not in file and str(offer.next_server) not in _boot_servers(contract)


def _boot_servers(contract: Contract) -> frozenset[str]:
    """Every host from which the contract has some node boot."""
    urls = (url for url in contract.boots.values() if isinstance(url, str))
    stated = (
        contract.next_server,
        *(each.next_server for each in contract.relayed_networks if each.next_server),
    )
    return frozenset({*map(str, stated), *(urlsplit(url).hostname or "" for url in urls)})


def _leading_out(
    relayed: RelayedNetwork, offer: Reply, contract: Contract, config: ServerConfig
) -> Iterator[Finding]:
    """A finding for each option with routes whose routers a node of the network cannot reach."""
    sender, sent = Sender.of(offer), Sent.answered(offer.request, offer.message)
    for code, routes in _routes_out(relayed, offer, contract):
        causes = option_causes(code, routes, config, sent=sent)
        statement = (
            f"{option_name(code)} through a relay of {relayed} from {sender}: "
            f"{', '.join(map(str, routes))}, and no router outside of {relayed} can be reached there"
        )
        yield Finding(f"option {code}", f"routers in {relayed}", routes, sender, causes, statement)


def _routes_out(
    relayed: RelayedNetwork, offer: Reply, contract: Contract
) -> Iterator[tuple[Code, tuple[StaticRoute, ...]]]:
    """The routes, by option, whose routers a node of the network cannot reach; stated ones are right."""
    stated = {each.code for options in (relayed.options, contract.options) for each in options.stated_for("")}
    for code in CLASSLESS:
        if code in offer.message.options and code not in stated:
            with suppress(ValueError):
                routes = classless_routes(b"".join(offer.message.options.all(code)))
                right = {UNSPECIFIED, *(relayed.routers or ())}
                out = tuple(
                    each for each in routes if each.router not in relayed.network and each.router not in right
                )
                if out:
                    yield code, out
