"""The ``edgeboot`` command."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NoReturn

from rich.table import Table

from edgeboot import __version__
from edgeboot.base.errors import EdgebootError, UsageError
from edgeboot.cli.contract import add_contract
from edgeboot.cli.probe import add_probe
from edgeboot.cli.probe_session import EXIT_FOUND_WANTING
from edgeboot.cli.report import add_report
from edgeboot.cli.storm import add_storm
from edgeboot.cli.verify import verify
from edgeboot.labs.clean import NotCleaned, clean
from edgeboot.labs.environment import check_variables
from edgeboot.labs.options import OptionValues
from edgeboot.labs.prerequisite import Prerequisite, diagnose
from edgeboot.labs.registry import LABS, PLAINEST
from edgeboot.labs.run_options import RUN_OPTIONS
from edgeboot.machines.qemu.firmware import FIRMWARE
from edgeboot.machines.qemu.installed import HINT, described
from edgeboot.machines.registry import look_at_machine, stated_machines
from edgeboot.report.values import plain_console

EXIT_LAB_BROKEN = 3
EXIT_USAGE = 4


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 0, 1 (a check failed), 3 (lab error) or 4 (usage error)."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["verify"]:
        verify(arguments[1:])  # It accepts pytest's options, too, which this parser would refuse.
    options = _parser().parse_args(arguments)
    try:
        status: int = options.act(options)
    except EdgebootError as error:
        print(f"edgeboot: {error}", file=sys.stderr)
        return EXIT_USAGE if isinstance(error, UsageError) else EXIT_LAB_BROKEN
    except KeyboardInterrupt:
        return 130
    return status


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


def _clean(_: argparse.Namespace) -> int:
    try:
        removed = clean(on_removed=lambda each: print(f"removed {each}"), kept=True)
    except NotCleaned as error:
        for problem in error.problems:
            print(f"edgeboot: {problem}", file=sys.stderr)
        return EXIT_LAB_BROKEN
    if not removed:
        print("nothing was left behind")
    return 0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Ends with our status for usage, not with argparse's."""
        self.print_usage(sys.stderr)
        self.exit(EXIT_USAGE, f"{self.prog}: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="edgeboot", description="Will edge nodes boot?")
    parser.add_argument("--version", action="version", version=f"edgeboot {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    commands.add_parser(
        "verify", help="verify a DHCP server end to end: the whole suite (edgeboot verify --help)"
    )

    add_probe(commands)
    add_storm(commands)
    add_contract(commands)
    add_report(commands)

    command = commands.add_parser("doctor", help="what a lab needs of this machine, and how to get it")
    command.add_argument("--lab", choices=sorted(LABS), default=PLAINEST)
    command.add_argument("--firmware", action="store_true", help="that of virtual machines, too")
    command.add_argument("--machines", metavar="FILE", help="ask the machines of an inventory, too")
    command.add_argument("--machine", metavar="NAME", action="append", help="only this one of them")
    command.set_defaults(act=_doctor)

    command = commands.add_parser("clean", help="remove what killed runs left, and kept labs")
    command.set_defaults(act=_clean)
    return parser


if __name__ == "__main__":
    sys.exit(main())
