"""What a user may choose about the netns lab."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from edgeboot.labs.options import LabOption, OptionValues

NAME: Final = "netns"
_COMMAND: Final = LabOption(
    "dhcp-command",
    "another server (lab netns), with {interface} and {config} filled in",
    refused_elsewhere="every other lab runs the Pod",
)
_STRICT: Final = LabOption(
    "strict",
    "lab netns: what this lab does not do of the Pod is an error (beside what pytest makes of it)",
    switch=True,
    plugin="pytest",
)
OPTIONS: Final = (_COMMAND, _STRICT)


@dataclass(frozen=True, slots=True)
class NetnsOptions:
    """Which server is run."""

    command: str | None = None
    """Another server's command line, as a shell reads it; None for the manifest's own."""
    strict: bool = False
    """Whether what this lab does not do of the Pod is an error."""


def read_options(values: OptionValues) -> NetnsOptions:
    """The options from the values given."""
    return NetnsOptions(values.text(_COMMAND.name), values.flag(_STRICT.name))
