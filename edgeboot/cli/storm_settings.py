"""The options of ``edgeboot storm`` that say what is stormed: the lab, its server and its contract."""

from __future__ import annotations

import argparse
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.labs.environment import check_variables
from edgeboot.labs.given_options import ReadValues
from edgeboot.labs.options import LabOption, OptionValues
from edgeboot.labs.registry import PLAINEST
from edgeboot.labs.run_options import LAB_OPTIONS, RUN_OPTIONS, every_option
from edgeboot.labs.settings import Settings, load_settings
from edgeboot.server.dnsmasq.what_if import WHAT_IFS
from edgeboot.server.pod.cpu_limit import NO_CPU_LIMIT, without_cpu_limit
from edgeboot.spec.manifests.deployment import Deployment

_RUN_OPTIONS: Final = tuple(
    replace(each, default=PLAINEST) if each.name == "lab" else each
    for each in RUN_OPTIONS
    if each.name in {"lab", "profile", "contract", "dhcp-config"}
)
_DISRUPTIVE: Final = "disruptive"
_NOT_OURS: Final = frozenset(
    # A storm's own --rate and --disruptive say something else, and the others limit what a storm does not.
    {"rate", _DISRUPTIVE, "max-leases", "lease-share", "take-machines-in-use", "dry-run", "strict"}
)


def options_of_what_is_stormed() -> tuple[LabOption, ...]:
    """Those that are read as ``edgeboot verify`` reads them; an option of several labs comes once."""
    named = {option.name: option for options in LAB_OPTIONS.values() for option in options}
    return *_RUN_OPTIONS, *(each for name, each in named.items() if name not in _NOT_OURS)


def add_settings(command: argparse.ArgumentParser) -> None:
    """Add these options to the command's parser."""
    for option in options_of_what_is_stormed():
        text = option.described.replace("%", "%%")
        if option.default is not None:
            text += f" (default: {option.default})"
        if option.switch:
            command.add_argument(f"--{option.name}", action="store_true", help=text)
        else:
            command.add_argument(f"--{option.name}", metavar="VALUE", help=text)


def storm_settings(options: argparse.Namespace, *, disruptive: bool = False) -> Settings:
    """What the options name, without a look at whether this machine can run it.

    Args:
        options: of the command line.
        disruptive: whether the storm has been allowed on a segment that is not the suite's own; a variable
            does not allow it.

    Raises:
        UsageError: one of them cannot be used.
    """
    check_variables(os.environ)
    read = _reading(options, disruptive=disruptive)
    values = read(_RUN_OPTIONS)
    with _as_given(read):
        settings = load_settings(
            run=secrets.token_hex(3),
            lab=str(values.text("lab")),
            profile=str(values.text("profile")),
            contract=values.path("contract"),
            dhcp_config=values.path("dhcp-config"),
            evidence=None,
            read_values=read,
            fuzz_seed=0,
        )
        if settings.dry_run:
            raise UsageError("--dry-run", "a storm has no plan to show", "leave it out")
    return settings


def check_lab(settings: Settings, options: argparse.Namespace) -> None:
    """Return where this machine can run what the options name; nothing is made for it.

    Raises:
        UsageError: it cannot.
    """
    with _as_given(_reading(options)):
        settings.check()


def _reading(options: argparse.Namespace, *, disruptive: bool = False) -> ReadValues:
    given = {each.destination: getattr(options, each.destination) for each in options_of_what_is_stormed()}
    given[_DISRUPTIVE] = "yes" if disruptive else ""

    def read(wanted: tuple[LabOption, ...]) -> OptionValues:
        return OptionValues.read(wanted, os.environ, given.get)

    return read


@contextmanager
def _as_given(read: ReadValues) -> Iterator[None]:
    """Errors name the variable that a value is from."""
    try:
        yield
    except UsageError as error:
        raise read(tuple(every_option())).as_given(error) from None


def what_ifs() -> tuple[str, ...]:
    """What ``--what-if`` can try: lines of dnsmasq.conf, and the Pod without its limit of processor time."""
    return *WHAT_IFS, NO_CPU_LIMIT


def changed(settings: Settings, what_if: str) -> Settings:
    """The same with another line in the server's configuration, or without a limit of its Pod.

    Args:
        settings: as they are.
        what_if: a name of ``what_ifs``.

    Raises:
        UsageError: the server has nothing that could be changed so.
    """
    option = f"--what-if {what_if}"
    if not settings.choice.kind.deploys(settings.choice.options):
        raise UsageError(
            option, "changes a server that is not the suite's to change", "leave out --deploy no"
        )
    if what_if == NO_CPU_LIMIT:
        return replace(settings, deployment=_without_cpu_limit(settings))
    if settings.dnsmasq_config is None:
        problem = "changes a dnsmasq.conf, and another program is run"
        raise UsageError(option, problem, "leave out --dhcp-command")
    config = WHAT_IFS[what_if].added_to(settings.dnsmasq_config)
    return replace(settings, deployment=replace(settings.deployment, config=config))


def _without_cpu_limit(settings: Settings) -> Deployment:
    """Where the lab holds the server to its limit: elsewhere both storms would be the same."""
    changed = without_cpu_limit(settings.deployment)
    not_done = settings.choice.kind.unsupported(settings.deployment, settings.choice.options)
    limit = next((each for each in not_done if ".limits.cpu" in each), None)
    if limit is not None:
        problem = f"takes away what lab {settings.choice.name} does not do: {limit}"
        raise UsageError(f"--what-if {NO_CPU_LIMIT}", problem, "try it with --lab kind")
    return changed
