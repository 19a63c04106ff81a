"""``edgeboot verify``: the suite as a command, from the clone or from the installed package."""

from __future__ import annotations

import argparse
import runpy
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NoReturn

from edgeboot.base import interrupted  # noqa: F401 - pytest takes long to import
from edgeboot.base.paths import INSTALLED, PROJECT, cache_directory
from edgeboot.cli.parser import Parser
from edgeboot.labs.run_options import every_option

TESTS: Final = PROJECT / "tests" / "e2e"
_NOT_NEEDED: Final = ("-p", "no:hypothesispytest")
"""Plugins that take half a second to import, and of which tests/e2e uses nothing."""
_EPILOG: Final = (
    "Every other argument is pytest's: -k EXPRESSION, -x, -n WORKERS, --junit-xml FILE, or a test below "
    f"{TESTS}. Exit status: 0 the contract holds, 1 a test failed, 2 interrupted, 3 the lab could not come "
    "up or broke, 4 an option, contract or manifest cannot be used, 5 nothing was verified."
)


def verify(arguments: Sequence[str]) -> NoReturn:
    """Be pytest on the suite, as ``python -m pytest`` is: signals and the exit status are its own.

    In this process: another interpreter would start, and import most of this package, once more.
    """
    sys.argv[1:] = suite_arguments(arguments)
    runpy.run_module("pytest", run_name="__main__", alter_sys=True)
    raise AssertionError("pytest's __main__ ends by SystemExit")


def suite_arguments(arguments: Sequence[str]) -> list[str]:
    """The arguments of pytest that run the suite with these of ``edgeboot verify``.

    The suite's own options are joined with their values: otherwise pytest would look for its
    configuration beside a FILE among the values.
    """
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    own = list(_joined(options))
    selection = f"({options.m}) and triage" if options.quick else options.m
    cache = ["-o", f"cache_dir={cache_directory() / 'pytest'}"] if INSTALLED else []
    whole = _files_of_the_triage() if options.quick else [str(TESTS)]
    tests = [] if any(_is_test(each) for each in rest) else whole
    return [
        *(f"--config-file={PROJECT / 'pyproject.toml'}", f"--rootdir={PROJECT}", *_NOT_NEEDED, *cache),
        *("-m", selection, *own, *rest, *tests),
    ]


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="edgeboot verify",
        usage="edgeboot verify [OPTION ...] [PYTEST-ARGUMENT ...]",
        description="Verify a DHCP server end to end: will edge nodes boot?",
        epilog=_EPILOG,
        allow_abbrev=False,
    )
    parser.add_argument("-m", default="e2e", metavar="EXPRESSION", help="which tests (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="only the triage: would edge nodes boot?")
    for option in every_option():
        help_text = option.described.replace("%", "%%")
        if option.switch:
            parser.add_argument(f"--{option.name}", action="store_true", help=help_text)
        else:
            action = "append" if option.repeated else "store"
            parser.add_argument(f"--{option.name}", metavar="VALUE", action=action, help=help_text)
    return parser


def _joined(options: argparse.Namespace) -> Iterator[str]:
    for option in every_option():
        value = getattr(options, option.destination)
        if option.switch and value:
            yield f"--{option.name}"
        elif not option.switch and value is not None:
            values = value if option.repeated else [value]
            yield from (f"--{option.name}={each}" for each in values)


def _files_of_the_triage() -> list[str]:
    """The files that have tests of it: to read only these takes a second less."""
    files = sorted(TESTS.glob("test_*.py"))
    return [str(file) for file in files if "mark.triage" in file.read_text(encoding="utf-8")]


def _is_test(argument: str) -> bool:
    path = Path(argument.partition("::")[0])
    return path.exists() and path.resolve().is_relative_to(TESTS)
