"""A contract in sentences, for a person who checks whether it says what was meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edgeboot.dhcp.vocabulary import INFINITE_LEASE, option_name
from edgeboot.spec.contract.client_terms import NoOffer, Nothing
from edgeboot.spec.contract.contract import Contract, Role
from edgeboot.spec.contract.option_terms import OptionTerms
from edgeboot.spec.contract.relayed import RelayedNetwork


def sentences(contract: Contract) -> Iterator[str]:
    """What the contract states, one sentence each, and which clients it says nothing about."""
    yield f"{contract.summary}."
    if contract.role is Role.PROXY:
        yield (
            f"{contract.server_identifier} is a ProxyDHCP: it sends boot data, and "
            f"{contract.address_server} leases the addresses."
        )
    elif contract.known_clients_only:
        number = len(contract.reservations)
        yield f"{contract.server_identifier} serves {number} reserved machines, and leaves all others alone."
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
    yield f"A client is known by {known_by}; one boot takes {contract.machine_addresses} addresses."
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
    for defect in contract.known_defects:
        yield f"{defect.test} may fail: {defect.reason}."


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
