"""Which lines of a dnsmasq.conf keep it from an interface, and what its log says of a message."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Final

from edgeboot.server.dnsmasq.config import Directive, every_line
from edgeboot.server.log import LogLine
from edgeboot.spec.manifests.deployment import ServerConfig

_EXCLUDING: Final = frozenset({"except-interface", "no-dhcp-interface", "no-dhcpv4-interface"})
_ANSWER: Final = re.compile(r"\bDHCP(?:OFFER|ACK|NAK)\(")
_NO_RANGE: Final = re.compile(r"no address range available for DHCP request")


def keeps_from(config: ServerConfig, interface: str) -> tuple[Directive, ...]:
    """The lines by which dnsmasq does not serve DHCP on an interface; empty where it does.

    These are those that exclude it, or else all ``interface=`` lines where none names it. A
    ``listen-address=`` beside them may name the interface by its address: then none is.
    """
    lines = every_line(config)
    excluding = tuple(
        line
        for line in lines
        if line.name in _EXCLUDING and any(_names(each, interface) for each in line.value.split(","))
    )
    named = tuple(line for line in lines if line.name == "interface")
    served = any(_names(each, interface) for line in named for each in line.value.split(","))
    by_address = any(line.name == "listen-address" for line in lines)
    return excluding or (() if served or by_address else named)


def logs_every_message(config: ServerConfig) -> bool:
    """Whether dnsmasq logs each message that it hears: not with ``quiet-dhcp``."""
    return not any(line.name == "quiet-dhcp" for line in every_line(config))


def answers(log: Sequence[LogLine]) -> list[LogLine]:
    """The lines that say a DHCPOFFER, DHCPACK or DHCPNAK was sent."""
    return [line for line in log if _ANSWER.search(line.text)]


def refusals(log: Sequence[LogLine]) -> list[LogLine]:
    """The lines that say why a message is not answered."""
    return [line for line in log if " no " in line.text or line.text.rstrip().endswith("ignored")]


def without_a_range(log: Sequence[LogLine], began: float, ended: float) -> list[LogLine]:
    """The lines of that time, in seconds since the epoch, about a request that no dhcp-range is for.

    They name no client, and dnsmasq logs nothing else about such a message.
    """
    return [line for line in log if began <= line.at <= ended and _NO_RANGE.search(line.text)]


def _names(pattern: str, interface: str) -> bool:
    """Whether a name of the configuration, perhaps with ``*`` at its end, is that of the interface."""
    return fnmatchcase(interface, pattern.strip())
