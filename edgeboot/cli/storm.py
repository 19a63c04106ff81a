"""``edgeboot storm``: many edge nodes boot at once."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from edgeboot.base.destination import check_file
from edgeboot.base.errors import EdgebootError, UsageError
from edgeboot.cli.arguments import argument, duration
from edgeboot.cli.exit_status import EXIT_FOUND_WANTING, EXIT_INTERRUPTED
from edgeboot.cli.one_storm import one_storm
from edgeboot.cli.storm_capacity import BUDGET, find_capacity, largest
from edgeboot.cli.storm_segment import check_consent, needs_consent
from edgeboot.cli.storm_settings import add_settings, changed, storm_settings, what_ifs
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.labs.clean import NotCleaned, clean
from edgeboot.labs.settings import Settings
from edgeboot.report.page.storm_page import storm_page
from edgeboot.report.page.written import write_page
from edgeboot.report.storm_cause import storm_cause_text
from edgeboot.report.storm_causes import storm_causes
from edgeboot.report.storm_record import AS_IT_IS, StormRecord
from edgeboot.report.storm_table import storm_table
from edgeboot.report.values import plain_console
from edgeboot.spec.contract.storm_terms import Arrival, MacOrder, StormTerms
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.release import ReleaseEnd
from edgeboot.stress.storm.result import StormResult
from edgeboot.stress.storm.round import FIRMWARE, STAGES, known_clients, rounds_named

_EPILOG: Final = (
    "exit status: 0 every node has had an address of its own; 1 one has not, two have had the same, a lease "
    "is left, or frames were lost on this machine, so that the figures are not valid; 3 the lab could not "
    "come up; 4 an argument cannot be used; 130 interrupted. Ctrl-C ends the storm; every lease is released "
    "then, unless Ctrl-C is pressed twice more. edgeboot clean releases those of a killed storm."
)


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add its arguments to its parser."""
    command.epilog = _EPILOG
    add, plan = command.add_argument, StormPlan()
    add("--nodes", type=int, default=plan.nodes, help="how many (default: %(default)s)")
    add(
        "--arrival",
        choices=[each.value for each in Arrival],
        default=plan.arrival.value,
        help="when they are switched on (default: %(default)s, all within 5 s)",
    )
    rate_help = "nodes in a second, for constant and poisson (default: %(default)g)"
    add("--rate", type=float, default=plan.rate, help=rate_help)
    within_help = "end it after so long, such as 90s (default: 2m)"
    add("--within", type=argument(duration), default=plan.within, metavar="DURATION", help=within_help)
    firmware_help = f"the nodes' firmware: {known_clients()}"
    add("--client", default=plan.rounds[0].client.name, metavar="NAME", help=firmware_help)
    rounds_help = (
        f"the clients of each node, one after the other: {', '.join(STAGES)}, or clients by their names "
        "(default: %(default)s)"
    )
    add("--rounds", default=FIRMWARE, metavar="NAMES", help=rounds_help)
    fetch_help = "let each node read its boot file by TFTP, in every round of a client that has one"
    add("--fetch", action="store_true", help=fetch_help)
    macs_help = "the order of the nodes' MAC addresses, by which dnsmasq chooses (default: %(default)s)"
    orders = [each.value for each in MacOrder]
    add("--macs", choices=orders, default=MacOrder.SCATTERED.value, help=macs_help)
    seed_help = "what random arrivals are made from (default: %(default)s)"
    add("--seed", type=int, default=plan.seed, help=seed_help)
    disruptive_help = (
        "make it where other people's machines boot: the segment's network, to say that you mean it"
    )
    add("--disruptive", metavar="SEGMENT", help=disruptive_help)
    add_settings(command)
    what_if_help = "run it again with this changed of the server's configuration or Pod, and show both"
    add("--what-if", choices=what_ifs(), metavar="CHANGE", help=f"{what_if_help}: {', '.join(what_ifs())}")
    capacity_help = (
        "find how many nodes, and how many a second, boot before something breaks: storm after storm"
    )
    add("--find-capacity", action="store_true", help=capacity_help)
    budget_help = "with --find-capacity: no storm begins after so long (default: 10m)"
    add("--budget", type=argument(duration), default=BUDGET, metavar="DURATION", help=budget_help)
    report_help = "file for a page with the figures, their causes and drawings of them"
    add("--report", type=Path, metavar="FILE", help=report_help)
    add(
        "--json",
        action="store_true",
        help="print the result as JSON instead of a table; with --what-if, a list of both",
    )
    command.set_defaults(act=_storm)


def _storm(options: argparse.Namespace) -> int:
    plan = _plan(options)
    if options.report is not None:
        check_file(options.report, "--report")
    settings, shared = _settings(options, plan)
    notes = plain_console(stderr=True)
    if options.find_capacity:
        _remove_leftovers(notes)
        notes.print(f"{settings.runs}; {plan.clients}; {options.budget} at most, and its last storm's end")
        return find_capacity(settings, plan, options.budget, notes, shared=shared, as_json=options.json)
    variants = {AS_IT_IS: settings}
    if options.what_if is not None:
        variants[f"with {options.what_if}"] = changed(settings, options.what_if)
    _remove_leftovers(notes)
    notes.print(f"{settings.runs}; {plan}")
    pool, terms = len(settings.contract.pool), settings.contract.storm
    # Machines of a list have addresses beside the pool, and the contract's storm is of so many.
    if plan.nodes > max(pool, 0 if terms is None else terms.nodes):
        rest = f"with {plan.nodes} nodes the storm asks what becomes of the rest"
        notes.print(f"the contract's pool has {pool} addresses: {rest}")
    results: dict[str, StormResult] = {}
    try:
        for heading, variant in variants.items():
            results[heading] = one_storm(variant, plan, notes)
            if results[heading].interrupted:
                break
    except (KeyboardInterrupt, EdgebootError):
        if results:  # What was measured before is told all the same.
            _tell(options, variants, results)
        raise
    _tell(options, variants, results)
    return max(_status(result) for result in results.values())


def _tell(
    options: argparse.Namespace,
    variants: Mapping[str, Settings],
    results: Mapping[str, StormResult],
) -> None:
    causes = {
        heading: storm_causes(result, variants[heading].dnsmasq_config, variants[heading].deployment)
        for heading, result in results.items()
    }
    settings = variants[AS_IT_IS]
    limits = stated_limits(settings.contract.storm, results[AS_IT_IS])
    records = [StormRecord(result, heading, limits, causes[heading]) for heading, result in results.items()]
    if options.report is not None:
        write_page(options.report, storm_page(records, settings.runs), "--report")
    if options.json:
        objects = [_for_programs(record) for record in records]
        print(json.dumps(objects if options.what_if else objects[0], indent=2))
        return
    console = plain_console()
    console.print(storm_table(results))
    for cause in causes[AS_IT_IS]:
        console.print(storm_cause_text(cause))


def stated_limits(terms: StormTerms | None, result: StormResult) -> dict[str, float] | None:
    """The contract's times in seconds; None where it says nothing of such a storm."""
    if terms is None or result.arrival != terms.arrival or result.nodes > terms.nodes:
        return None
    return {name: limit.total_seconds() for name, limit in terms.limits.items()}


def _for_programs(record: StormRecord) -> dict[str, Any]:
    causes = [each.to_json() for each in record.causes]
    return record.result.to_json() | {"heading": record.heading, "causes": causes}


def _remove_leftovers(notes: Console) -> None:
    """Of killed runs; what is left at a site is told, and is in no lab's way."""
    try:
        clean()
    except NotCleaned as error:
        if error.of_sites is None:
            raise
        for each in error.problems:
            notes.print(f"an earlier run has left at a site: {each}")


def _status(result: StormResult) -> int:
    if result.interrupted or (result.release and result.release.end is ReleaseEnd.INTERRUPTED):
        return EXIT_INTERRUPTED
    good = result.all_bound and result.all_released and not result.lost_here
    return 0 if good else EXIT_FOUND_WANTING


def _settings(options: argparse.Namespace, plan: StormPlan) -> tuple[Settings, bool]:
    """Checked, with the consent that the lab's segment needs; whether it does."""
    if options.find_capacity and options.report is not None:
        raise UsageError(
            "--report", "is of one storm, not of a search", "say --json for each storm of the search"
        )
    if options.find_capacity and options.what_if is not None:
        problem = "searches with one configuration"
        raise UsageError(
            "--find-capacity", problem, "leave out --what-if, or name a --dhcp-config with its line"
        )
    settings = storm_settings(options)
    shared = needs_consent(settings)
    most = largest(settings, plan, shared=shared) if options.find_capacity else plan
    check_consent(settings, most, options.disruptive)
    return storm_settings(options, disruptive=True) if shared else settings, shared


def _plan(options: argparse.Namespace) -> StormPlan:
    if options.client not in CLIENTS:
        raise UsageError(f"--client {options.client}", "no such client", f"choose from {known_clients()}")
    return StormPlan(
        nodes=options.nodes,
        arrival=Arrival(options.arrival),
        rate=options.rate,
        within=options.within,
        rounds=rounds_named(options.rounds, CLIENTS[options.client], fetch=options.fetch),
        macs=MacOrder(options.macs),
        seed=options.seed,
    )
