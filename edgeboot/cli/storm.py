"""``edgeboot storm``: many edge nodes boot at once in the embedded lab."""

from __future__ import annotations

import argparse
import json
import os
import secrets
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Final

from rich.console import Console

from edgeboot.base.errors import UsageError
from edgeboot.cli.arguments import argument, duration
from edgeboot.cli.exit_status import EXIT_FOUND_WANTING, EXIT_INTERRUPTED
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.labs.clean import NotCleaned, clean
from edgeboot.labs.environment import check_variables
from edgeboot.labs.hosts.site_dhcp import site_dhcp
from edgeboot.labs.options import LabOption, OptionValues
from edgeboot.labs.registry import LABS, PLAINEST
from edgeboot.labs.run_options import RUN_OPTIONS
from edgeboot.labs.settings import Settings, load_settings
from edgeboot.labs.storm_run import run_storm
from edgeboot.report.storm_explained import explained, telling_lines
from edgeboot.report.storm_table import progress_line, storm_table
from edgeboot.report.values import plain_console
from edgeboot.server.dnsmasq.what_if import WHAT_IFS, WhatIf
from edgeboot.spec.contract.contract import Role
from edgeboot.stress.storm.arrival import Arrival
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.progress import Progress
from edgeboot.stress.storm.result import StormResult

_OPTIONS: Final = tuple(each for each in RUN_OPTIONS if each.name in {"profile", "contract", "dhcp-config"})
_EPILOG: Final = (
    "exit status: 0 every node has an address of its own; 1 one has not, or two have the same; 3 the lab "
    "could not come up; 4 an argument cannot be used; 130 interrupted. Every lease is released at the end; "
    "edgeboot clean releases those of a killed storm."
)
_AS_IT_IS: Final = "as it is"


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
    known = ", ".join(each.name for each in CLIENTS.values() if each.retransmission is not None)
    add("--client", default=plan.client.name, metavar="NAME", help=f"the nodes' firmware: {known}")
    seed_help = "what random arrivals are made from (default: %(default)s)"
    add("--seed", type=int, default=plan.seed, help=seed_help)
    for option in _own_options():
        add(f"--{option.name}", metavar="VALUE", help=option.described.replace("%", "%%"))
    what_if_help = "run it again with this line added to the server's configuration, and show both"
    add("--what-if", choices=list(WHAT_IFS), metavar="LINE", help=f"{what_if_help}: {', '.join(WHAT_IFS)}")
    add(
        "--json",
        action="store_true",
        help="print the result as JSON instead of a table; with --what-if, a list of both",
    )
    command.set_defaults(act=_storm)


def _own_options() -> tuple[LabOption, ...]:
    lab = LABS[PLAINEST].options
    return *_OPTIONS, *(each for each in lab if not each.switch)


def _storm(options: argparse.Namespace) -> int:
    plan = _plan(options)
    settings = _settings(options)
    variants = {_AS_IT_IS: settings}
    if options.what_if is not None:
        variants[f"with {options.what_if}"] = _changed(settings, WHAT_IFS[options.what_if])
    notes = plain_console(stderr=True)
    _remove_leftovers(notes)
    notes.print(f"{settings.runs}; {plan}")
    results: dict[str, StormResult] = {}
    logs: dict[str, Counter[str]] = {}
    for heading, variant in variants.items():
        results[heading], logs[heading] = _one(variant, plan, notes)
        if results[heading].interrupted:
            break
    if options.json:
        objects = [result.to_json() for result in results.values()]
        print(json.dumps(objects if options.what_if else objects[0], indent=2))
        return max(_status(result) for result in results.values())
    console = plain_console()
    console.print(storm_table(results))
    config = settings.deployment.config if _is_dnsmasq(settings) else None
    for line in explained(results[_AS_IT_IS], logs[_AS_IT_IS], config):
        console.print(line)
    return max(_status(result) for result in results.values())


def _remove_leftovers(notes: Console) -> None:
    """Of killed runs; a site's machine that cannot be put back is told, and is in no lab's way."""
    try:
        clean()
    except NotCleaned as error:
        if error.of_machines is None:
            raise
        for each in error.problems:
            notes.print(f"not put back, as an earlier run found it: {each}")


def _one(settings: Settings, plan: StormPlan, notes: Console) -> tuple[StormResult, Counter[str]]:
    """A storm in a lab of its own, and what its server's log says of it."""
    lab = settings.make_lab("storm")
    lab.up()
    try:
        beside: AbstractContextManager[object] = nullcontext()
        if settings.contract.role is Role.PROXY:
            beside = site_dhcp(lab.host)
        with beside, notes.status("") as status:
            result = run_storm(lab, settings.run, plan, _shown_on(status.update))
        return result, telling_lines(lab.server.log.lines)
    finally:
        lab.down()


def _changed(settings: Settings, what_if: WhatIf) -> Settings:
    """The same with another line in the server's configuration."""
    if not _is_dnsmasq(settings):
        problem = "changes a dnsmasq.conf, and another program is run"
        raise UsageError(f"--what-if {what_if.line}", problem, "leave out --dhcp-command")
    config = what_if.added_to(settings.deployment.config)
    return replace(settings, deployment=replace(settings.deployment, config=config))


def _is_dnsmasq(settings: Settings) -> bool:
    kind, options = settings.choice.kind, settings.choice.options
    runs_the_pod: bool = kind.runs_the_pod(options)
    return runs_the_pod and Path(settings.deployment.pod.container.command[0]).name == "dnsmasq"


def _status(result: StormResult) -> int:
    if result.interrupted:
        return EXIT_INTERRUPTED
    return 0 if result.all_bound and not result.lost_here else EXIT_FOUND_WANTING


def _plan(options: argparse.Namespace) -> StormPlan:
    if options.client not in CLIENTS:
        known = ", ".join(each.name for each in CLIENTS.values() if each.retransmission is not None)
        raise UsageError(f"--client {options.client}", "no such client", f"choose from {known}")
    return StormPlan(
        nodes=options.nodes,
        arrival=Arrival(options.arrival),
        rate=options.rate,
        within=options.within,
        client=CLIENTS[options.client],
        seed=options.seed,
    )


def _settings(options: argparse.Namespace) -> Settings:
    check_variables(os.environ)
    # A storm's own --rate is not that of another lab.
    given = {each.destination: getattr(options, each.destination) for each in _own_options()}

    def read(wanted: tuple[LabOption, ...]) -> OptionValues:
        return OptionValues.read(wanted, os.environ, given.get)

    values = read(_OPTIONS)
    try:
        settings = load_settings(
            run=secrets.token_hex(3),
            lab=PLAINEST,
            profile=str(values.text("profile")),
            contract=values.path("contract"),
            dhcp_config=values.path("dhcp-config"),
            evidence=None,
            read_values=read,
            fuzz_seed=0,
        )
        settings.check()
    except UsageError as error:
        raise read(_own_options()).as_given(error) from None
    return settings


def _shown_on(show: Callable[[str], object]) -> Callable[[Progress], None]:
    """Shows each progress, with the rate since the one before."""
    last = Progress(0.0, 0, 0, 0, 0)

    def on_progress(progress: Progress) -> None:
        nonlocal last
        seconds = progress.elapsed - last.elapsed
        rate = (progress.bound - last.bound) / seconds if seconds > 0 else 0.0
        last = progress
        show(progress_line(progress, rate))

    return on_progress
