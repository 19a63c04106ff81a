"""``edgeboot storm --find-capacity``: how many nodes, and how many a second, before something breaks."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from rich.console import Console

from edgeboot.cli.exit_status import EXIT_FOUND_WANTING, EXIT_INTERRUPTED
from edgeboot.cli.one_storm import one_storm
from edgeboot.cli.storm_segment import SHARED
from edgeboot.cli.storm_settings import is_dnsmasq
from edgeboot.labs.settings import Settings
from edgeboot.report.storm_capacity import capacity_lines, probe_line, probe_of
from edgeboot.report.storm_cause import storm_cause_text
from edgeboot.report.storm_causes import storm_causes
from edgeboot.report.storm_check import StormCheck
from edgeboot.report.values import plain_console
from edgeboot.spec.contract.storm_terms import StormRound, StormTerms
from edgeboot.stress.storm.arrival import POWER_RETURNS_WITHIN, Arrival
from edgeboot.stress.storm.bisection import Bisection
from edgeboot.stress.storm.capacity import Capacity, End, Probe, Quantity, plan_of, search
from edgeboot.stress.storm.plan import StormPlan

BUDGET: Final = timedelta(minutes=10)
"""For both searches together; the storm that runs then comes to its end."""
_BESIDE: Final = timedelta(seconds=2)
"""By which a late node's time is still seen."""


def largest(settings: Settings, plan: StormPlan, *, shared: bool) -> StormPlan:
    """The largest storm that a search would make; on a segment that is not the suite's own it is bounded."""
    most, _ = _most(settings, plan, Quantity.NODES, shared=shared)
    return plan_of(Quantity.NODES, most, plan.seed, plan, _pool(settings, plan))


def find_capacity(
    settings: Settings, plan: StormPlan, budget: timedelta, notes: Console, *, shared: bool, as_json: bool
) -> int:
    """Search, print what was found, and return the exit status.

    Args:
        settings: what is stormed; each storm has a lab of its own.
        plan: the nodes' client, and where the searches begin.
        budget: time for both searches together.
        notes: where each storm is told.
        shared: whether other people's machines are on the segment.
        as_json: whether to print JSON.
    """
    began = time.monotonic()
    found: dict[Quantity, Capacity] = {}
    for number, quantity in enumerate(Quantity, start=1):
        # The second search has the time that the first has left, too.
        until = began + budget.total_seconds() * number / len(Quantity)
        found[quantity] = _searched(quantity, settings, plan, until, notes, shared=shared)
        if found[quantity].end is End.INTERRUPTED:
            break
    if as_json:
        objects: dict[str, Any] = {each.quantity.value: each.to_json() for each in found.values()}
        print(json.dumps({"pool": _pool(settings, plan)} | objects, indent=2))
    else:
        console = plain_console()
        for each in found.values():
            for line in capacity_lines(each):
                console.print(line)
    if any(each.end is End.INTERRUPTED for each in found.values()):
        return EXIT_INTERRUPTED
    return 0 if all(each.bracket.held is not None for each in found.values()) else EXIT_FOUND_WANTING


def _searched(
    quantity: Quantity, settings: Settings, plan: StormPlan, until: float, notes: Console, *, shared: bool
) -> Capacity:
    most, bounded_by = _most(settings, plan, quantity, shared=shared)
    first = round(plan.rate) if quantity is Quantity.RATE else plan.nodes
    arrival = plan_of(quantity, most, plan.seed, plan, _pool(settings, plan)).arrival

    def probe(value: int, seed: int) -> Probe | None:
        tried = within_terms(
            plan_of(quantity, value, seed, plan, _pool(settings, plan)), settings.contract.storm
        )
        result = one_storm(settings, tried, notes)
        if result.interrupted:
            return None
        terms = settings.contract.storm or StormTerms(nodes=tried.nodes)
        broke = tuple(each.statement or each.field for each in StormCheck(result, terms).findings)
        config = settings.deployment.config if is_dnsmasq(settings) else None
        why = map(storm_cause_text, storm_causes(result, config)) if broke else ()
        done = probe_of(value, tried, result, (*broke, *why))
        notes.print(probe_line(quantity, done))
        return done

    return search(
        quantity, Bisection(first, 1, most), arrival, bounded_by, probe, lambda: time.monotonic() < until
    )


def _pool(settings: Settings, plan: StormPlan) -> int:
    """How many nodes there are addresses for: a round after the first may take another one.

    Machines of a list have addresses beside the pool; the contract says by its storm how many there are.
    """
    contract, rounds = settings.contract, tuple(StormRound)[: len(plan.rounds)]
    each = StormTerms(nodes=1, rounds=rounds).addresses_of_a_node(contract.addresses_per_boot)
    return max(len(contract.pool) // each, 0 if contract.storm is None else contract.storm.nodes)


def within_terms(plan: StormPlan, terms: StormTerms | None) -> StormPlan:
    """A storm that ends when its contract is broken in any case: what comes of it later decides nothing."""
    if terms is None or terms.all_ready_within is None:
        return plan
    return replace(plan, within=min(plan.within, terms.all_ready_within + _BESIDE))


def _most(settings: Settings, plan: StormPlan, quantity: Quantity, *, shared: bool) -> tuple[int, str]:
    """What may be tried at most, and what decides it."""
    most = _pool(settings, plan)
    pool = len(settings.contract.pool)
    bounded_by = f"the pool of {pool} addresses" if most <= pool else "the contract's number of nodes"
    if shared:
        most_here = round(SHARED.rate)
        if quantity is Quantity.NODES and plan.arrival is not Arrival.BURST:
            most_here = min(SHARED.nodes, most_here * int(POWER_RETURNS_WITHIN.total_seconds()))
        if most_here < most:
            return most_here, f"what may be sent on {settings.contract.network}"
    return most, bounded_by
