"""A contract in sentences, for a person who checks whether it says what was meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from edgeboot.base.counted import counted
from edgeboot.dhcp.vocabulary import INFINITE_LEASE, option_name
from edgeboot.spec.contract.client_terms import NoOffer, Nothing
from edgeboot.spec.contract.contract import Contract, Role
from edgeboot.spec.contract.option_terms import OptionTerms
from edgeboot.spec.contract.relayed import RelayedNetwork
from edgeboot.spec.contract.storm_terms import StormTerms
from edgeboot.spec.contract.terms import written_duration

_UNTIL: Final = {
    "all_ready_within": "the last one is ready",
    "offer_p99": "99 of 100 have a DHCPOFFER",
    "ack_p99": "99 of 100 have a DHCPACK",
    "file_p99": "99 of 100 have their file",
}
"""What a storm's nodes are to have, by the term that limits it."""


def sentences(contract: Contract) -> Iterator[str]:
    """What the contract states, one sentence each, and which clients it says nothing about."""
    yield f"{contract.summary}."
    if contract.role is Role.PROXY:
        yield (
            f"{contract.server_identifier} is a ProxyDHCP: it sends boot data, and "
            f"{contract.address_server} leases the addresses."
        )
    elif contract.known_clients_only:
        machines = counted(len(contract.reservations), "reserved machine")
        yield f"{contract.server_identifier} serves {machines}, and leaves all others alone."
    else:
        size = len(contract.pool)
        yield f"{contract.server_identifier} leases the addresses {contract.pool}, {size} of them."
    routers = f"the router {_either(contract.routers)}" if contract.routers else "no router"
    yield f"A node gets the mask {contract.netmask} and {routers}."
    lasts = (
        f"lasts {contract.lease_time}; it is renewed after {contract.renewal_time} and rebound after "
        f"{contract.rebinding_time}"
    )
    yield (
        f"A lease {'never ends' if contract.lease_time == INFINITE_LEASE else lasts}. "
        f"A node may ask for {contract.minimum_lease_time} at least."
    )
    known_by = (
        "its MAC address alone" if contract.ignores_client_identifiers else "option 61, or its MAC address"
    )
    yield f"A client is known by {known_by}; one boot takes {counted(contract.machine_addresses, 'address')}."
    known = f"a known one within {contract.answer_time}"
    yield f"A new client is answered within {contract.first_answer_time}, {known}."
    authority = "answers" if contract.authoritative else "leaves alone"
    yield f"It {authority} clients whose leases it has no record of (authoritative)."
    named = f"by the name {contract.server_name}" if contract.server_name else "without a name"
    if contract.boots_by_tftp:
        yield f"The boot file {contract.bootfile} is at {contract.next_server}, {named}."
    else:
        yield f"The boot file is {contract.bootfile}." if contract.bootfile else "No boot file is named."
    yield from _options(contract.options)
    yield from _clients(contract)
    for each in contract.reservations:
        yield f"{each} always gets {each.address}, and nobody else does."
    yield f"Relays of {_either(contract.served_networks) or 'no network'} are answered."
    for network in contract.relayed:
        yield from _relayed(network)
    yield (
        f"{contract.servers} servers answer a DHCPDISCOVER."
        if contract.servers > 1
        else "No other server answers."
    )
    if contract.storm is not None:
        yield _storm(contract.storm)
    for defect in contract.known_defects:
        yield f"{defect.test} may fail: {defect.reason}."


def _storm(storm: StormTerms) -> str:
    """Of many nodes at once: how they come, what each does, and how long that may take."""
    rate = "" if storm.rate is None else f" at {storm.rate:g}/s"
    how = f"{storm.arrival}{rate}, MAC addresses {_either(storm.macs)}"
    come = f"{counted(storm.nodes, 'node')} at once ({how})"
    fetch = " and fetches its boot file" if storm.fetch else ""
    each = f"each asks as {', then '.join(storm.rounds)}{fetch}"
    limits = [f"{_UNTIL[name]} within {written_duration(limit)}" for name, limit in storm.limits.items()]
    own = "each gets an address of its own"
    return f"Of {come} {own}: {'; '.join((each, *limits))}."


def _options(options: OptionTerms) -> Iterator[str]:
    for code in sorted(options.values):
        yield f"Who asks for {option_name(code)} gets {_written(options.values[code])}."
    for client, values in options.for_client.items():
        for code in sorted(values):
            yield f"{client}, if it asks for {option_name(code)}, gets {_written(values[code])}."


def _relayed(relayed: RelayedNetwork) -> Iterator[str]:
    stated = {"addresses": relayed.pool, **relayed.terms}
    terms = [
        f"{name.replace('_', ' ')} {_either(value) if isinstance(value, tuple) else value}"
        for name, value in stated.items()
        if value is not None
    ]
    yield f"Nodes behind a relay of {relayed} get {', '.join(terms) or f'an address of {relayed}'}."
    for sentence in _options(relayed.options):
        yield f"Behind a relay of {relayed}: {sentence}"


def _written(value: object) -> str:
    return _either(value) if isinstance(value, list | tuple) else str(value)


def _clients(contract: Contract) -> Iterator[str]:
    for name, boots in contract.boots.items():
        match boots:
            case Nothing(nothing=reason):
                yield f"{name} boots nothing: {reason}."
            case NoOffer(no_offer=reason):
                yield f"{name} is left alone: {reason}."
            case url:
                yield f"{name} boots {url}."
    unstated = [name for name in contract.all_clients if name not in contract.boots]
    if unstated:
        yield f"Not stated, and judged by their families: {', '.join(unstated)}."


def _either(values: Iterable[object]) -> str:
    return ", ".join(map(str, values))
