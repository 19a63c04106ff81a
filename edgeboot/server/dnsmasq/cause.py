"""Which line of dnsmasq.conf is the likely cause of a value in a reply."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from edgeboot.base.paths import shown
from edgeboot.server.dnsmasq.config import directives
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import ServerConfig


@dataclass(frozen=True, slots=True)
class Origin:
    """The source of a field: patterns of ``name=value`` lines, and dnsmasq's default without one."""

    patterns: tuple[str, ...]
    default: str


_OPTION: Final = r"dhcp-option(-force)?=(tag:[^,]*,)*(option:)?"
_UNITS: Final = {"m": 60, "h": 3600, "d": 86400, "w": 604800}
ORIGINS: Final = {
    "address": Origin((r"dhcp-range=", r"dhcp-host="), "without a dhcp-range nothing is served"),
    "netmask": Origin((rf"{_OPTION}(1|netmask),", r"dhcp-range="), "the interface's own mask"),
    "broadcast_address": Origin((r"dhcp-range=", rf"{_OPTION}28,"), "derived from the interface's mask"),
    "routers": Origin((rf"{_OPTION}(3|router)(,|$)",), "dnsmasq then names itself as the router"),
    "domain_name_servers": Origin(
        (rf"{_OPTION}(6|dns-server)(,|$)", r"port="), "dnsmasq then names itself where it serves DNS"
    ),
    "server_identifier": Origin(
        (r"interface=", r"listen-address=", rf"{_OPTION}54,"), "the interface's address"
    ),
    "lease_time": Origin((r"dhcp-range=",), "dnsmasq then grants one hour"),
    "renewal_time": Origin((rf"{_OPTION}(58|T1),", r"dhcp-range="), "half the lease time"),
    "rebinding_time": Origin((rf"{_OPTION}(59|T2),", r"dhcp-range="), "seven eighths of the lease time"),
    "next_server": Origin((r"dhcp-boot=", r"pxe-service="), "dnsmasq then names itself as the boot server"),
    "server_name": Origin((r"dhcp-boot=", rf"{_OPTION}(66|tftp-server),"), "no name is sent"),
    "bootfile": Origin(
        (r"dhcp-boot=", rf"{_OPTION}(67|bootfile-name),", r"pxe-service="), "no boot file is sent"
    ),
    "boots": Origin(
        (r"dhcp-boot=", rf"{_OPTION}(43|60|66|67|vendor-class|tftp-server|bootfile-name),", r"pxe-service="),
        "no boot file is sent",
    ),
    "rapid_commit": Origin((r"dhcp-rapid-commit",), "dnsmasq then offers first"),
    "options": Origin((_OPTION, r"dhcp-boot="), "no option is added"),
    "not_listening": Origin(
        (r"interface=", r"(except|no-dhcp(v4)?)-interface=", r"listen-address="),
        "it then listens on every interface",
    ),
    "refused": Origin(
        (r"dhcp-range=", r"dhcp-ignore", r"dhcp-host="), "without a dhcp-range nothing is served"
    ),
}
"""By field of ``spec.contract.fields``, and ``boots``, ``rapid_commit``, ``not_listening``, ``refused``."""


def likely_causes(field: str, received: object, config: ServerConfig) -> tuple[Cause, ...]:
    """The lines that may decide a field, only those with the received value if any has it; at least one.

    Args:
        field: a field of ``spec.contract.fields``, ``boots``, ``not_listening`` or ``refused``;
            for ``boots`` the received value is the parts of the URL.
        received: the value in the reply.
        config: the server's configuration and its file.
    """
    file, origin = shown(config.source), ORIGINS.get(field)
    if origin is None:
        return (Cause(file, None, ""),)
    deciding = [
        directive
        for directive in directives(config.text)
        if any(re.match(pattern, str(directive)) for pattern in origin.patterns)
    ]
    forms = _as_written(received)
    holding = [directive for directive in deciding if forms & set(re.split(r"[,=]", str(directive)))]
    if deciding:
        return tuple(Cause(file, line.number, str(line)) for line in holding or deciding)
    name = origin.patterns[0].split("=", 1)[0].replace("(-force)?", "")
    return (Cause(file, None, f"has no {name} line for it: {origin.default}"),)


def _as_written(value: object) -> set[str]:
    """The notations that a dnsmasq.conf may use for a value, or for a part of it."""
    match value:
        case tuple() | set() | frozenset():
            return {str(item) for item in value}
        case timedelta():
            seconds = int(value.total_seconds())
            return {str(seconds)} | {
                f"{seconds // length}{unit}" for unit, length in _UNITS.items() if seconds % length == 0
            }
    return {str(value)}
