"""Which lines of a dnsmasq.conf keep it from an interface, and what its log says of a message."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from ipaddress import IPv4Address
from typing import Final

from edgeboot.server.dnsmasq.config import Directive, every_line
from edgeboot.server.log import LogLine
from edgeboot.spec.manifests.deployment import ServerConfig

_EXCLUDING: Final = frozenset({"except-interface", "no-dhcp-interface", "no-dhcpv4-interface"})
_ANSWER: Final = re.compile(r"\bDHCP(?:OFFER|ACK|NAK)\(")
NO_RANGE: Final = "no address range available for DHCP request"
"""dnsmasq's words where no dhcp-range is of the network that a request came from."""
_OTHER_PORT: Final = "dhcp-alternate-port"


def keeps_from(
    config: ServerConfig, interface: str, addresses: Sequence[IPv4Address] = ()
) -> tuple[Directive, ...]:
    """The lines by which dnsmasq does not serve DHCP on an interface; empty where it does.

    These are those that exclude it or have dnsmasq listen on another port, or else all
    ``interface=`` and ``listen-address=`` lines where none of them names it.

    Args:
        config: dnsmasq's.
        interface: its name.
        addresses: its own; without them any ``listen-address=`` may name it.
    """
    lines = every_line(config)
    excluding = tuple(
        line
        for line in lines
        if line.name == _OTHER_PORT
        or (line.name in _EXCLUDING and any(_names(each, interface) for each in line.value.split(",")))
    )
    named = tuple(line for line in lines if line.name == "interface")
    served = any(_names(each, interface) for line in named for each in line.value.split(","))
    listening = tuple(line for line in lines if line.name == "listen-address")
    own = set(map(str, addresses)) | {"0.0.0.0"}  # noqa: S104 - dnsmasq's word for every address
    by_address = any(not addresses or own & set(line.value.split(",")) for line in listening)
    return excluding or (() if served or by_address else (*named, *listening))


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
    return [line for line in log if began <= line.at <= ended and NO_RANGE in line.text]


def _names(pattern: str, interface: str) -> bool:
    """Whether a name of the configuration, perhaps with ``*`` at its end, is that of the interface."""
    return fnmatchcase(interface, pattern.strip())
