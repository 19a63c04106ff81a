"""``edgeboot storm``: many edge nodes boot at once."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from edgeboot.base.destination import check_file
from edgeboot.base.errors import UsageError
from edgeboot.cli.arguments import argument, duration
from edgeboot.cli.exit_status import EXIT_FOUND_WANTING, EXIT_INTERRUPTED
from edgeboot.cli.one_storm import one_storm
from edgeboot.cli.storm_capacity import BUDGET, find_capacity, largest
from edgeboot.cli.storm_plan import add_plan, plan_named
from edgeboot.cli.storm_pool import note_on_addresses
from edgeboot.cli.storm_segment import ask_for_consent, check_named, needs_consent
from edgeboot.cli.storm_settings import add_settings, changed, check_lab, storm_settings, what_ifs
from edgeboot.labs.clean import NotCleaned, clean
from edgeboot.labs.settings import Settings
from edgeboot.report.page.storm_page import storm_page
from edgeboot.report.page.written import write_page
from edgeboot.report.storm.cause import storm_cause_text
from edgeboot.report.storm.causes import storm_causes
from edgeboot.report.storm.record import AS_IT_IS, StormRecord
from edgeboot.report.storm.table import storm_table
from edgeboot.report.values import plain_console
from edgeboot.spec.contract.storm_terms import StormTerms
from edgeboot.spec.contract.terms import written_duration
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.release import ReleaseEnd
from edgeboot.stress.storm.result import StormResult
from edgeboot.stress.storm.stated import with_listed_macs

_EPILOG: Final = (
    "exit status: 0 every node has had an address of its own; 1 one has not, two have had the same, a lease "
    "is left, or frames were lost on this machine, so that the figures are not valid; 3 the lab could not "
    "come up; 4 an argument cannot be used, or the output not be written; 130 interrupted. With "
    "--find-capacity: 0 both searches have found a value that held, 1 one has not, be it for want of time. "
    "Ctrl-C ends the storm; every lease is released then, unless Ctrl-C is pressed twice more. edgeboot "
    "clean releases those of a killed storm."
)


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add its arguments to its parser."""
    command.epilog = _EPILOG
    add = command.add_argument
    add_plan(command)
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
    budget_help = f"with --find-capacity: no storm begins after so long (default: {written_duration(BUDGET)})"
    add("--budget", type=argument(duration), metavar="DURATION", help=budget_help)
    report_help = "file for a page with the figures, their causes and drawings of them; its directory is made"
    add("--report", type=Path, metavar="FILE", help=report_help)
    add(
        "--json",
        action="store_true",
        help="print the result as JSON instead of a table; with --what-if a list of both, or of the first "
        "alone where the second was not made to its end",
    )
    command.set_defaults(act=_storm)


def _storm(options: argparse.Namespace) -> int:
    plan = plan_named(options)
    _check_together(options)
    if options.report is not None:
        check_file(options.report, "--report")
    settings, shared = _settings(options, plan)
    plan = with_listed_macs(plan, settings.contract.storm)
    notes = plain_console(stderr=True)
    if options.find_capacity:
        budget = options.budget or BUDGET
        _remove_leftovers(notes)
        notes.print(f"{settings.runs}; {plan.clients}; {budget} at most, and its last storm's end")
        return find_capacity(settings, plan, budget, notes, shared=shared, as_json=options.json)
    variants = {AS_IT_IS: settings}
    if options.what_if is not None:
        variants[f"with {options.what_if}"] = changed(settings, options.what_if)
    _remove_leftovers(notes)
    notes.print(f"{settings.runs}; {plan}")
    note = note_on_addresses(settings, plan)
    if note is not None:
        notes.print(note)
    return _stormed(options, variants, plan, notes)


def _stormed(
    options: argparse.Namespace, variants: Mapping[str, Settings], plan: StormPlan, notes: Console
) -> int:
    """Each storm, told also where an error or Ctrl-C ends a later one."""
    results: dict[str, StormResult] = {}
    try:
        for heading, variant in variants.items():
            results[heading] = one_storm(variant, plan, notes)
            if results[heading].interrupted:
                break
    finally:
        if results:
            _tell(options, variants, results)
            for heading in [each for each in variants if each not in results]:
                notes.print(f"the storm {heading} was not made to its end")
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
    try:
        if options.json:
            objects = [_for_programs(record) for record in records]
            print(json.dumps(objects if options.what_if else objects[0], indent=2), flush=True)
        else:
            console = plain_console()
            console.print(storm_table(results))
            for cause in causes[AS_IT_IS]:
                console.print(storm_cause_text(cause))
    finally:  # Neither place that cannot be written takes the figures from the other.
        if options.report is not None:
            write_page(options.report, storm_page(records, settings.runs), "--report")


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
    good = result.all_bound and result.all_released and result.not_valid is None
    return 0 if good else EXIT_FOUND_WANTING


def _check_together(options: argparse.Namespace) -> None:
    """Options that are of one storm, or of a search for the capacity."""
    if not options.find_capacity and options.budget is not None:
        given = f"--budget {written_duration(options.budget)}"
        problem = "has no effect: it is the time for a search"
        raise UsageError(given, problem, "leave it out, or say --find-capacity; one storm has --within")
    if options.find_capacity and options.report is not None:
        raise UsageError(
            "--report", "is of one storm, not of a search", "say --json for each storm of the search"
        )
    if options.find_capacity and options.what_if is not None:
        problem = "searches with one configuration"
        raise UsageError(
            "--find-capacity", problem, "leave out --what-if, or name a --dhcp-config with its line"
        )


def _settings(options: argparse.Namespace, plan: StormPlan) -> tuple[Settings, bool]:
    """Checked, with the consent that the lab's segment needs; whether it does."""
    settings = storm_settings(options)
    shared = needs_consent(settings)
    most = largest(settings, plan, shared=shared) if options.find_capacity else plan
    check_named(settings, most, options.disruptive)
    check_lab(settings, options)
    if not shared:
        return settings, shared
    if options.disruptive is None:
        ask_for_consent(settings, most)
    return storm_settings(options, disruptive=True), shared
