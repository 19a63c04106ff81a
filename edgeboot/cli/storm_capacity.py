"""``edgeboot storm --find-capacity``: how many nodes, and how many a second, before something breaks."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from rich.console import Console

from edgeboot.base.counted import counted
from edgeboot.cli.exit_status import EXIT_FOUND_WANTING, EXIT_INTERRUPTED
from edgeboot.cli.one_storm import one_storm
from edgeboot.cli.storm_pool import nodes_with_addresses
from edgeboot.cli.storm_segment import SHARED
from edgeboot.labs.settings import Settings
from edgeboot.report.storm.capacity import capacity_lines, probe_line, probe_of
from edgeboot.report.storm.cause import storm_cause_text
from edgeboot.report.storm.causes import storm_causes
from edgeboot.report.storm.check import StormCheck
from edgeboot.report.values import plain_console
from edgeboot.spec.contract.storm_terms import StormTerms
from edgeboot.stress.storm.bisection import Bisection
from edgeboot.stress.storm.capacity import Capacity, End, Probe, Quantity, plan_of, search
from edgeboot.stress.storm.plan import StormPlan

BUDGET: Final = timedelta(minutes=10)
"""For both searches together; the storm that runs then comes to its end."""
_BESIDE: Final = timedelta(seconds=2)
"""By which a late node's time is still seen."""


def largest(settings: Settings, plan: StormPlan, *, shared: bool) -> StormPlan:
    """The largest storm that a search would make; on a segment that is not the suite's own it is bounded."""
    return max(
        (
            _tried(quantity, _most(settings, plan, quantity, shared=shared)[0], settings, plan, shared=shared)
            for quantity in (Quantity.NODES, Quantity.RATE)
        ),
        key=lambda each: each.nodes,
    )


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
        print(json.dumps({"pool": nodes_with_addresses(settings, plan)} | objects, indent=2))
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
    plan = replace(plan, arrival=_tried(quantity, first, settings, plan, shared=shared).arrival)
    terms = terms_of(settings.contract.storm, plan)

    def probe(value: int, seed: int) -> Probe | None:
        tried = within_terms(
            replace(_tried(quantity, value, settings, plan, shared=shared), seed=plan.seed + seed - 1), terms
        )
        result = one_storm(settings, tried, notes)
        if result.interrupted:
            return None
        broke = tuple(each.statement or each.field for each in StormCheck(result, terms).findings)
        causes = storm_causes(result, settings.dnsmasq_config, settings.deployment) if broke else ()
        why = map(storm_cause_text, causes)
        done = probe_of(value, tried, result, (*broke, *why))
        notes.print(probe_line(quantity, done))
        return done

    return search(
        quantity, Bisection(first, 1, most), plan.arrival, bounded_by, probe, lambda: time.monotonic() < until
    )


def _tried(quantity: Quantity, value: int, settings: Settings, plan: StormPlan, *, shared: bool) -> StormPlan:
    """The storm of a value, which has no more nodes than the pool and the segment allow."""
    pool = nodes_with_addresses(settings, plan)
    return plan_of(quantity, value, plan.seed, plan, min(pool, SHARED.nodes) if shared else pool)


def terms_of(stated: StormTerms | None, plan: StormPlan) -> StormTerms:
    """What storms of a search are held against.

    How long nodes wait is compared however they come, as far as they do what is waited for; until when all
    are ready depends on the arrival, and is compared where it is that of the contract.
    """
    if stated is None:
        return StormTerms(nodes=plan.nodes)
    dropped: dict[str, None] = {}
    if plan.arrival is not stated.arrival:
        dropped["all_ready_within"] = None
    if not plan.fetches:
        dropped["file_p99"] = None
    return stated.model_copy(update=dropped)


def within_terms(plan: StormPlan, terms: StormTerms) -> StormPlan:
    """A storm that ends when its terms are broken in any case: what comes of it later decides nothing."""
    if terms.all_ready_within is None:
        return plan
    return replace(plan, within=min(plan.within, terms.all_ready_within + _BESIDE))


def _most(settings: Settings, plan: StormPlan, quantity: Quantity, *, shared: bool) -> tuple[int, str]:
    """What may be tried at most, and what decides it."""
    most = nodes_with_addresses(settings, plan)
    pool = len(settings.contract.pool)
    bounded_by = (
        f"the pool of {counted(pool, 'address')}" if most <= pool else "the contract's number of nodes"
    )
    if shared:
        most_here = SHARED.largest(plan_of(quantity, most, plan.seed, plan, most).arrival)
        if most_here < most:
            return most_here, f"what may be sent on {settings.contract.network}"
    return most, bounded_by
