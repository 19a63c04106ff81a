"""The version of dnsmasq, from its program or from the first line of its log."""

from __future__ import annotations

import re
from typing import Final

from edgeboot.host.command import output
from edgeboot.server.log import ServerLog

_PRINTED: Final = re.compile(r"^Dnsmasq version (\S+)", re.MULTILINE)
_LOGGED: Final = re.compile(r"\bstarted, version (\S+)")


def printed_version(*program: str) -> str | None:
    """The version that ``PROGRAM --version`` prints, such as ``2.90``.

    Args:
        program: the command line, without ``--version``.

    Returns:
        None where the program cannot be run, or is no dnsmasq.
    """
    try:
        printed = output(*program, "--version")
    except OSError:
        return None
    match = _PRINTED.search(printed)
    return None if match is None else match[1]


def logged_version(log: ServerLog) -> str | None:
    """The version that a started dnsmasq writes into its log; None where there is no such line."""
    line = log.find(_LOGGED.pattern)
    match = None if line is None else _LOGGED.search(line.text)
    return None if match is None else match[1]
