"""Storms that no server with the contract's other terms can withstand, or that nobody can make."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from edgeboot.base.counted import counted
from edgeboot.dhcp.clients import BOOT_STAGES, ClientProfile
from edgeboot.spec.contract.contract import Contract, Role
from edgeboot.spec.contract.contradictions.contradiction import Contradiction
from edgeboot.spec.contract.storm_terms import (
    FETCHERS,
    LONGEST,
    MOST_AT_ONCE,
    MOST_IN_A_SECOND,
    USUAL_TIME,
    Arrival,
    StormTerms,
)
from edgeboot.spec.contract.terms import written_duration


def impossible(terms: Contract) -> Iterator[Contradiction]:
    """What is wrong with the table ``[storm]``, where there is one."""
    storm = terms.storm
    if storm is None:
        return
    if terms.known_clients_only and storm.reserved is None:
        yield Contradiction(
            "storm", "is of nodes that the server does not know (known_clients_only)", "leave the table out"
        )
        return
    each = storm.addresses_of_a_node(terms.machine_addresses)
    pool, where = (terms.pool, "the pool") if storm.reserved is None else (storm.reserved, "storm.reserved")
    size = len(pool)
    if storm.nodes * each > size:
        hold = counted(storm.nodes, "node") + ("" if each == 1 else f" with {each} addresses each")
        need = "needs" if storm.nodes == 1 else "need"
        yield Contradiction(
            "storm.nodes",
            f"{hold} {need} more than the {counted(size, 'address')} of {where}, {pool}",
            f"state {size // each} at most, or a larger pool",
        )
    yield from _too_much(storm)
    yield from _too_soon(terms, storm)
    client = terms.default_client
    if storm.fetch and not terms.boots_by_tftp:
        yield Contradiction("storm.fetch", "bootfile is fetched by TFTP nowhere", "leave it out")
    elif storm.fetch and client.rules not in FETCHERS:
        problem = f"how long {client.name}, as which nodes boot, waits for a boot file is not known"
        yield Contradiction("storm.fetch", problem, "leave it out")
    if client.retransmission is None:
        yield Contradiction(
            "storm",
            f"how long {client.name}, as which nodes boot, waits for answers is not known",
            "leave the table out",
        )


def _too_much(storm: StormTerms) -> Iterator[Contradiction]:
    """What is more than a storm can be."""
    if storm.nodes > MOST_AT_ONCE:
        yield Contradiction(
            "storm.nodes", f"{storm.nodes} are more than a storm can have", f"state {MOST_AT_ONCE} at most"
        )
    if storm.rate is not None and storm.rate > MOST_IN_A_SECOND:
        problem = f"{storm.rate:g} in a second are more than can be switched on"
        yield Contradiction("storm.rate", problem, f"state {MOST_IN_A_SECOND:.0f} at most")
    arrives = storm.arrival.lasts(storm.nodes, storm.rate or MOST_IN_A_SECOND)
    if arrives > storm.within:
        yield Contradiction(
            "storm.rate",
            f"{storm.nodes} nodes take {arrives.total_seconds():g} s to come, and the storm is over after "
            f"{written_duration(storm.within)}",
            "state fewer nodes, a higher rate, or an all_ready_within of more than "
            f"{written_duration(USUAL_TIME)}, which is a storm's time then",
        )
    if storm.all_ready_within is not None and storm.all_ready_within > LONGEST:
        problem = f"{storm.all_ready_within} is longer than a storm may last"
        yield Contradiction("storm.all_ready_within", problem, "state an hour at most, 1h")


def _too_soon(terms: Contract, storm: StormTerms) -> Iterator[Contradiction]:
    """Times that no server keeps, as fast as it may be: the nodes themselves wait for other offers."""
    clients = (terms.default_client, *BOOT_STAGES[1:])[: len(storm.rounds)]
    waits = [_own_wait(client, beside_proxy=terms.role is Role.PROXY) for client in clients]
    coming = timedelta()
    if storm.arrival is Arrival.CONSTANT and storm.rate is not None:
        coming = storm.arrival.lasts(storm.nodes, storm.rate)
    own = {
        "all_ready_within": {
            "until the last one comes": coming,
            "in which each waits for other offers": sum(waits, timedelta()),
        },
        "ack_p99": {"in which each waits for other offers": waits[0]},
        "file_p99": {"in which each waits for other offers": waits[0]},
    }
    for name, limit in storm.limits.items():
        times = own.get(name, {})
        if limit <= sum(times.values(), timedelta()):
            told = " and ".join(f"{each.total_seconds():g} s {what}" for what, each in times.items() if each)
            problem = f"{written_duration(limit)} is no more than nodes need themselves: {told}"
            yield Contradiction(f"storm.{name}", problem, "state more")


def _own_wait(client: ClientProfile, *, beside_proxy: bool) -> timedelta:
    """How long a client asks before it takes an offer; one that collects them may end with a ProxyDHCP's."""
    patience = client.retransmission
    if patience is None or (beside_proxy and patience.collects):
        return timedelta()
    return timedelta(seconds=patience.soonest_request)
