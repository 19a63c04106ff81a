"""Storms that no server with the contract's other terms can withstand, or that nobody can make."""

from __future__ import annotations

from collections.abc import Iterator

from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.contradictions.contradiction import Contradiction
from edgeboot.spec.contract.storm_terms import (
    FETCHERS,
    LONGEST,
    MOST_AT_ONCE,
    MOST_IN_A_SECOND,
    StormTerms,
)


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
        hold = f"{storm.nodes} nodes" if each == 1 else f"{storm.nodes} nodes with {each} addresses each"
        yield Contradiction(
            "storm.nodes",
            f"{hold} need more than the {size} addresses of {where}, {pool}",
            f"state {size // each} at most, or a larger pool",
        )
    yield from _too_much(storm)
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
    if storm.all_ready_within is not None and storm.all_ready_within > LONGEST:
        problem = f"{storm.all_ready_within} is longer than a storm may last"
        yield Contradiction("storm.all_ready_within", problem, "state an hour at most, 1h")
