"""Storms that no server with the contract's other terms can withstand, or that nobody can make."""

from __future__ import annotations

from collections.abc import Iterator

from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.contradictions.contradiction import Contradiction


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
    if storm.fetch and not terms.boots_by_tftp:
        yield Contradiction("storm.fetch", "bootfile is fetched by TFTP nowhere", "leave it out")
    client = terms.default_client
    if client.retransmission is None:
        yield Contradiction(
            "storm",
            f"how long {client.name}, as which nodes boot, waits for answers is not known",
            "leave the table out",
        )
