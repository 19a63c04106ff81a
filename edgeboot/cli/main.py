"""The ``edgeboot`` command.

Each of its commands is a module of this folder, which is imported when that command is given: together
they take more than a second to import.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final

from edgeboot import __version__
from edgeboot.base.errors import EdgebootError, UsageError
from edgeboot.cli.exit_status import EXIT_INTERRUPTED, EXIT_LAB_BROKEN, EXIT_USAGE
from edgeboot.cli.parser import Parser
from edgeboot.cli.standard_output import checked_output

COMMANDS: Final = MappingProxyType(
    {
        "verify": "verify a DHCP server end to end: the whole suite (edgeboot verify --help)",
        "probe": "who answers DHCP on a segment, and what would firmware boot?",
        "explain": "why did the clients of a capture boot, or not?",
        "watch": "the same of a segment while its clients boot, without a packet sent",
        "contract": "draft a contract from a dnsmasq.conf or the wire, or explain one in sentences",
        "report": "the page of a run, made from its evidence directory; or what changed night after night",
        "storm": "many edge nodes boot at once: how many get an address, and how fast",
        "segments": "many segments, each verified by a Pod of an Indexed Job",
        "doctor": "what a lab needs of this machine, and how to get it",
        "clean": "remove what killed runs left, and kept labs",
    }
)
"""What each does; its module adds its arguments to the parser, and the function ``act`` that does it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 0, 1 (a check failed), 2 (nothing to judge), 3 (lab) or 4 (usage)."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        with checked_output():
            return _run(arguments)
    except EdgebootError as error:
        _say(str(error))
        return EXIT_USAGE if isinstance(error, UsageError) else EXIT_LAB_BROKEN
    except KeyboardInterrupt:
        if arguments[:1] == ["verify"]:
            raise  # edgeboot.base.interrupted has its words, and pytest's status.
        _say("interrupted")
        return EXIT_INTERRUPTED


def _run(arguments: Sequence[str]) -> int:
    # A service manager's word to end is Ctrl-C's: what was made is removed. First of all, since a container's
    # first process, which has no default action, would go on for all of its Pod's grace period.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if arguments[:1] == ["verify"]:
        # It accepts pytest's options, too, which the parser below would refuse.
        _module("verify").verify(arguments[1:])
    options = _parser(arguments[:1]).parse_args(arguments)
    status: int = options.act(options)
    return status


def _say(text: str) -> None:
    with suppress(OSError):  # There may be no room for it, either.
        print(f"edgeboot: {text}", file=sys.stderr)


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of all commands, with the arguments of the one that is given."""
    parser = Parser(prog="edgeboot", description="Will edge nodes boot?")
    parser.add_argument("--version", action="version", version=f"edgeboot {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, what in COMMANDS.items():
        command = commands.add_parser(name, help=what, description=what)
        if name in given:
            _module(name).add_arguments(command)
    return parser


def _module(command: str) -> Any:
    return import_module(f"edgeboot.cli.{command}")


if __name__ == "__main__":
    sys.exit(main())
