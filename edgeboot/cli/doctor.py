"""``edgeboot doctor``: what a lab needs of this machine, and how to get it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from functools import partial

from rich.table import Table

from edgeboot.base.errors import UsageError
from edgeboot.cli.exit_status import EXIT_FOUND_WANTING
from edgeboot.labs.environment import check_variables
from edgeboot.labs.options import OptionValues
from edgeboot.labs.prerequisite import Prerequisite, diagnose
from edgeboot.labs.registry import LABS, PLAINEST
from edgeboot.labs.run_options import RUN_OPTIONS
from edgeboot.machines.qemu.firmware import FIRMWARE
from edgeboot.machines.qemu.installed import HINT, described
from edgeboot.machines.registry import look_at_machine, stated_machines
from edgeboot.report.values import plain_console


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add its arguments to its parser."""
    command.add_argument("--lab", choices=sorted(LABS), default=PLAINEST)
    command.add_argument("--firmware", action="store_true", help="that of virtual machines, too")
    command.add_argument("--machines", metavar="FILE", help="ask the machines of an inventory, too")
    command.add_argument("--machine", metavar="NAME", action="append", help="only this one of them")
    command.set_defaults(act=_doctor)


def _doctor(options: argparse.Namespace) -> int:
    table = Table(title=f"lab {options.lab}", title_justify="left")
    for heading in ("", "needed", "found", "hint"):
        table.add_column(heading, overflow="fold")
    kind = LABS[options.lab]
    check_variables(os.environ)
    values = OptionValues.read(kind.options, os.environ)
    try:
        lab_options = kind.read(values)
    except UsageError as error:
        raise values.as_given(error) from None
    firmware = _firmware() if options.firmware else ()
    diagnoses = diagnose((*kind.prerequisites(lab_options), *firmware, *_machines(options)))
    for each in diagnoses:
        table.add_row("ok" if each.present else "MISSING", each.name, each.found, each.hint)
    plain_console().print(table)
    return 0 if all(each.present for each in diagnoses) else EXIT_FOUND_WANTING


def _firmware() -> Iterator[Prerequisite]:
    """Each firmware that a virtual machine can have here, and what would execute it."""
    for firmware in FIRMWARE.values():
        yield Prerequisite(f"firmware {firmware.name}", partial(described, firmware), HINT)


def _machines(options: argparse.Namespace) -> Iterator[Prerequisite]:
    """Each machine of an inventory: what it says now; none is changed."""
    own = [option for option in RUN_OPTIONS if option.name in {"machines", "machine"}]
    values = OptionValues.read(own, os.environ, lambda destination: getattr(options, destination))
    try:
        entries = stated_machines(values.path("machines"), values.texts("machine"))
    except UsageError as error:
        raise values.as_given(error) from None
    for entry in entries:
        look = partial(look_at_machine, entry)
        yield Prerequisite(f"machine {entry.name}", look, "docs/machines.md says what each kind needs")
