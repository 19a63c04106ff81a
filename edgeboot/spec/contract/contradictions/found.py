"""The contradictions of a contract, in an order that has the cause of others first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from edgeboot.dhcp.clients import BOOT_STAGES
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, SERVER_PORT
from edgeboot.spec.contract.client_terms import ProxyOffer
from edgeboot.spec.contract.contract import Contract, Role
from edgeboot.spec.contract.contradictions.addresses import misplaced
from edgeboot.spec.contract.contradictions.boots import unreachable
from edgeboot.spec.contract.contradictions.contradiction import Contradiction
from edgeboot.spec.contract.contradictions.options import forbidden
from edgeboot.spec.contract.contradictions.storm import impossible
from edgeboot.spec.contract.draft import duration

_SECOND: Final = timedelta(seconds=1)


def contradictions(terms: Contract) -> Iterator[Contradiction]:
    """Every term that does not go together with another one."""
    if (terms.role is Role.PROXY) != (terms.proxy is not None):
        yield Contradiction(
            "role", 'role = "proxy" and a table [proxy] belong together', "state both, or neither"
        )
        return
    yield from _of_a_proxy(terms)
    yield from _of_times(terms)
    yield from misplaced(terms)
    yield from _of_the_server(terms)
    yield from forbidden(terms)
    yield from unreachable(terms)
    yield from impossible(terms)


def _of_a_proxy(terms: Contract) -> Iterator[Contradiction]:
    if terms.proxy is None:
        return
    if terms.known_clients_only:
        yield Contradiction(
            "known_clients_only",
            "is of a server that leases addresses, not of a ProxyDHCP",
            "leave it out, and its reservations",
        )
    if terms.proxy.address_server == terms.server_identifier:
        yield Contradiction(
            "proxy.address_server",
            f"{terms.server_identifier} is the server under test itself, which leases no address",
            "name the site's own server",
        )
    if terms.servers < 2:
        yield Contradiction(
            "servers", "is 1, and counts the site's own server beside the ProxyDHCP", "state 2"
        )
    first, last = terms.proxy.tftp_ports
    if first > last:
        yield Contradiction(
            "proxy.tftp_ports", f"first {first} comes after last {last}", "state the lower one first"
        )


def _of_times(terms: Contract) -> Iterator[Contradiction]:
    lease = terms.lease_time
    if not terms.renewal_time < terms.rebinding_time < lease:
        half, most = (share // _SECOND * _SECOND for share in (lease / 2, lease * 7 / 8))
        yield Contradiction(
            "renewal_time",
            "renewal_time < rebinding_time < lease_time does not hold (RFC 2131 section 4.4.5)",
            f"for {duration(lease)} servers send {duration(half)} and {duration(most)}",
        )
    if terms.minimum_lease_time > lease:
        yield Contradiction(
            "minimum_lease_time",
            f"{duration(terms.minimum_lease_time)} is longer than lease_time, {duration(lease)}",
            "state the shortest time that a node can request",
        )


def _of_the_server(terms: Contract) -> Iterator[Contradiction]:
    most = 1 if terms.server.ignores_client_identifiers else len(BOOT_STAGES)
    if terms.addresses_per_boot > most and not terms.known_clients_only:
        why = "it knows a node by its MAC address alone (server.ignores_client_identifiers)"
        yield Contradiction(
            "addresses_per_boot",
            f"is {terms.addresses_per_boot}, and " + (why if most == 1 else f"a boot has {most} stages"),
            f"state {most}" if most == 1 else f"state {most} at most",
        )
    offers_files = terms.proxy is not None and any(
        terms.proxy_offer(client) is ProxyOffer.FILE for client in terms.all_clients.values()
    )
    needed = {SERVER_PORT: "it answers there"}
    needed |= {BOOT_SERVER_PORT: "clients ask it there for their boot file"} if offers_files else {}
    for port in needed.keys() & terms.closed_ports.keys():
        yield Contradiction(
            f"deployment.closed_ports.{port}", f"has to be open: {needed[port]}", "take it out of the table"
        )
