"""The options of ``edgeboot storm`` that say what the storm is; one without an effect is refused."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.cli.arguments import argument, duration
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.spec.contract.storm_terms import Arrival, MacOrder
from edgeboot.spec.contract.terms import written_duration
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.round import FIRMWARE, STAGES, known_clients, rounds_named

_USUAL: Final = StormPlan(macs=MacOrder.SCATTERED)
_WHEN: Final = {Arrival.BURST: "come at once", Arrival.POWER_RETURNS: "come within 5 s"}
_RANDOM: Final = frozenset({Arrival.POISSON, Arrival.POWER_RETURNS})


def add_plan(command: argparse.ArgumentParser) -> None:
    """Add these options; one that was not given is None, where it matters whether it was."""
    add = command.add_argument
    add("--nodes", type=int, default=_USUAL.nodes, help="how many (default: %(default)s)")
    add(
        "--arrival",
        choices=[each.value for each in Arrival],
        default=_USUAL.arrival.value,
        help="when they are switched on (default: %(default)s, all within 5 s)",
    )
    rate_help = f"nodes in a second, for constant and poisson (default: {_USUAL.rate:g})"
    add("--rate", type=float, help=rate_help)
    within_help = f"end it after so long, such as 90s (default: {written_duration(_USUAL.within)})"
    add("--within", type=argument(duration), default=_USUAL.within, metavar="DURATION", help=within_help)
    usual = _USUAL.rounds[0].client.name
    add("--client", metavar="NAME", help=f"the nodes' firmware (default: {usual}): {known_clients()}")
    rounds_help = (
        f"the clients of each node, one after the other: {', '.join(STAGES)}, or clients by their names "
        "(default: %(default)s)"
    )
    add("--rounds", default=FIRMWARE, metavar="NAMES", help=rounds_help)
    fetch_help = "let each node read its boot file by TFTP, in every round of a client that has one"
    add("--fetch", action="store_true", help=fetch_help)
    macs_help = "the order of the nodes' MAC addresses, by which dnsmasq chooses (default: %(default)s)"
    orders = [each.value for each in MacOrder]
    add("--macs", choices=orders, default=_USUAL.macs.value, help=macs_help)
    add(
        "--seed",
        type=int,
        help=f"what random arrivals and scattered MAC addresses are made from (default: {_USUAL.seed})",
    )


def plan_named(options: argparse.Namespace) -> StormPlan:
    """The storm that the options name; with ``--find-capacity`` the one that a search begins with.

    Raises:
        UsageError: one of them cannot be used, or has no effect.
    """
    client = _USUAL.rounds[0].client.name if options.client is None else options.client
    if client not in CLIENTS:
        raise UsageError(f"--client {client}", "no such client", f"choose from {known_clients()}")
    plan = StormPlan(
        nodes=options.nodes,
        arrival=Arrival(options.arrival),
        rate=_USUAL.rate if options.rate is None else options.rate,
        within=options.within,
        rounds=rounds_named(options.rounds, CLIENTS[client], fetch=options.fetch),
        macs=MacOrder(options.macs),
        seed=_USUAL.seed if options.seed is None else options.seed,
    )
    for error in _without_effect(options, plan):
        raise error
    if not options.find_capacity:
        _check_time(plan)
    return plan


def _without_effect(options: argparse.Namespace, plan: StormPlan) -> Iterator[UsageError]:
    """Options that somebody has given for something, and that would change nothing."""
    searches, arrival = options.find_capacity, plan.arrival
    if options.rate is not None and not searches and not arrival.has_rate:
        problem = f"has no effect: nodes of --arrival {arrival} {_WHEN[arrival]}"
        yield UsageError(
            f"--rate {plan.rate:g}", problem, "leave it out, or say --arrival constant or poisson"
        )
    if options.seed is not None and searches:
        problem = "has no effect: each storm of a search has arrivals of its own"
        yield UsageError(f"--seed {plan.seed}", problem, "leave it out")
    elif options.seed is not None and arrival not in _RANDOM:
        problem = f"has no effect: nothing of --arrival {arrival} is random"
        hint = "leave it out, or say --arrival power-returns or poisson"
        yield UsageError(f"--seed {plan.seed}", problem, hint)
    if options.client is not None and FIRMWARE not in map(str.strip, options.rounds.split(",")):
        problem = f"has no effect: --rounds {options.rounds} has no round {FIRMWARE}"
        yield UsageError(
            f"--client {options.client}", problem, "leave it out, or name the client in --rounds"
        )
    if options.fetch and not plan.fetches:
        problem = f"has no effect: nothing of --rounds {options.rounds} boots from the network"
        yield UsageError("--fetch", problem, "leave it out, or have firmware or ipxe among the rounds")


def _check_time(plan: StormPlan) -> None:
    """Whether every node is switched on before the storm's end."""
    last = plan.arrival.lasts(plan.nodes, plan.rate)
    if last > plan.within:
        problem = f"is over before all nodes are switched on, which takes {last.total_seconds():g} s"
        hint = "give more time, fewer --nodes" + (" or a higher --rate" if plan.arrival.has_rate else "")
        raise UsageError(f"--within {written_duration(plan.within)}", problem, hint)
