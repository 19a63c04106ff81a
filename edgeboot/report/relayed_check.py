"""Comparison of what a relayed network is sent with the contract."""

from __future__ import annotations

from collections.abc import Container, Iterator
from ipaddress import IPv4Address

from edgeboot.base.paths import shown
from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.vocabulary import SERVER_PORT
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
