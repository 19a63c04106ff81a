"""The lines of a dnsmasq.conf that decide what reserved machines get, and whether others are served."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.paths import shown
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.server.dnsmasq.config import Directive, as_cause, every_line
from edgeboot.server.dnsmasq.tags import client_tags, host_of, range_of
from edgeboot.spec.contract.reservations import Reservation
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import ServerConfig

_DIRECTIVE: Final = "dhcp-host"


def host_line(reservation: Reservation, config: ServerConfig) -> Cause:
    """The line that names the machine; the file without a line where none does."""
    file = shown(config.source)
    for line in every_line(config):
        if line.name == _DIRECTIVE and _names(line, reservation):
            return as_cause(line, config)
    return Cause(file, None, f"has no {_DIRECTIVE} line for {reservation}")


def serving_lines(request: DhcpMessage, address: IPv4Address, config: ServerConfig) -> tuple[Cause, ...]:
    """Why a machine is served that should not be: a line that names it, too, or the range for everybody."""
    lines = every_line(config)
    tags = client_tags(request, lines, address)
    host = host_of(request, lines, tags.own)
    if host is not None:
        return (as_cause(host.line, config, "it names this machine, too"),)
    served = range_of(address, lines, tags.own)
    why = "it is not static, and there is no dhcp-ignore=tag:!known"
    return () if served is None else (as_cause(served.line, config, why),)


def _names(line: Directive, reservation: Reservation) -> bool:
    words = [word.strip().lower() for word in line.value.split(",")]
    if reservation.mac is not None:
        return any(str(reservation.mac) in word.split() for word in words)
    assert reservation.client_id is not None  # noqa: S101 - it has one of the two
    return f"id:{reservation.client_id.lower()}" in words
