"""The lines of a dnsmasq.conf by which it serves a port beside DHCP's."""

from __future__ import annotations

from typing import Final

from edgeboot.base.paths import shown
from edgeboot.server.dnsmasq.config import as_cause, every_line
from edgeboot.server.dnsmasq.origins import ORIGINS
from edgeboot.server.dnsmasq.resolver_lines import NO_DNS, serves_names
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import ServerConfig

_DNS: Final = 53
_TFTP: Final = 69
_LINES: Final = {_DNS: "port", _TFTP: "enable-tftp"}


def opening(port: int, config: ServerConfig) -> tuple[Cause, ...]:
    """The lines that open a UDP port, or the one that is missing to close it; empty where none is known."""
    lines = every_line(config)
    if port == _DNS and not serves_names(lines):
        return ()
    found = tuple(as_cause(line, config) for line in lines if line.name == _LINES.get(port))
    if found or port != _DNS:
        return found
    default = ORIGINS["domain_name_servers"].default
    return (Cause(shown(config.source), None, f"has no {NO_DNS}: {default}"),)
