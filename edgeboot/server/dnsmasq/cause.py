"""Which line of dnsmasq.conf is the likely cause of a value in a reply."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from edgeboot.base.paths import shown
from edgeboot.server.dnsmasq.config import directives
from edgeboot.spec.manifests.deployment import ServerConfig


@dataclass(frozen=True, slots=True)
class _Origin:
    """What decides a field: patterns of ``name=value`` lines, and what holds without one."""

    patterns: tuple[str, ...]
    default: str


_OPTION: Final = r"dhcp-option(-force)?=(tag:[^,]*,)*(option:)?"
_UNITS: Final = {"m": 60, "h": 3600, "d": 86400, "w": 604800}
_ORIGINS: Final = {
    "address": _Origin((r"dhcp-range=", r"dhcp-host="), "without a dhcp-range nothing is served"),
    "netmask": _Origin((rf"{_OPTION}(1|netmask),", r"dhcp-range="), "the interface's own mask"),
    "broadcast_address": _Origin((r"dhcp-range=", rf"{_OPTION}28,"), "derived from the interface's mask"),
    "routers": _Origin((rf"{_OPTION}(3|router)(,|$)",), "dnsmasq then names itself as the router"),
    "server_identifier": _Origin(
        (r"interface=", r"listen-address=", rf"{_OPTION}54,"), "the interface's address"
    ),
    "lease_time": _Origin((r"dhcp-range=",), "dnsmasq then grants one hour"),
    "renewal_time": _Origin((rf"{_OPTION}(58|T1),", r"dhcp-range="), "half the lease time"),
    "rebinding_time": _Origin((rf"{_OPTION}(59|T2),", r"dhcp-range="), "seven eighths of the lease time"),
    "next_server": _Origin((r"dhcp-boot=", r"pxe-service="), "dnsmasq then names itself as the boot server"),
    "server_name": _Origin((r"dhcp-boot=", rf"{_OPTION}(66|tftp-server),"), "no name is sent"),
    "bootfile": _Origin(
        (r"dhcp-boot=", rf"{_OPTION}(67|bootfile-name),", r"pxe-service="), "no boot file is sent"
    ),
    "boots": _Origin(
        (r"dhcp-boot=", rf"{_OPTION}(43|60|66|67|vendor-class|tftp-server|bootfile-name),", r"pxe-service="),
        "no boot file is sent",
    ),
    "options": _Origin((_OPTION, r"dhcp-boot="), "no option is added"),
    "deafness": _Origin(
        (r"interface=", r"(except|no-dhcp(v4)?)-interface=", r"listen-address="),
        "it then listens on every interface",
    ),
    "refusal": _Origin(
        (r"dhcp-range=", r"dhcp-ignore", r"dhcp-host="), "without a dhcp-range nothing is served"
    ),
}


def likely_cause(field: str, received: object, config: ServerConfig) -> str:
    """Where to look: the deciding lines, those first that hold the received value.

    Args:
        field: a field of ``Contract`` or ``Reply``, ``options``, ``deafness`` or ``refusal``;
            for ``boots`` the parts of the URL are what was received.
        received: the value that came.
        config: the server's configuration with the file it is from.
    """
    origin = _ORIGINS.get(field)
    if origin is None:
        return f"{shown(config.source)}"
    deciding = [
        directive
        for directive in directives(config.text)
        if any(re.match(pattern, str(directive)) for pattern in origin.patterns)
    ]
    held = _as_written(received)
    holding = [directive for directive in deciding if held & set(re.split(r"[,=]", str(directive)))]
    if deciding:
        return ", ".join(f"{shown(config.source)}:{each.number} {each}" for each in holding or deciding)
    wanted = origin.patterns[0].split("=", 1)[0].replace("(-force)?", "")
    return f"{shown(config.source)} has no {wanted} line for it: {origin.default}"


def _as_written(value: object) -> set[str]:
    """The words by which a dnsmasq.conf may say a value, or a part of it."""
    match value:
        case tuple() | set() | frozenset():
            return {str(item) for item in value}
        case timedelta():
            seconds = int(value.total_seconds())
            return {str(seconds)} | {
                f"{seconds // length}{unit}" for unit, length in _UNITS.items() if seconds % length == 0
            }
    return {str(value)}
