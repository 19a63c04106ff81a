"""The dhcp-host line of a dnsmasq.conf that decides what a reserved machine gets."""

from __future__ import annotations

from typing import Final

from edgeboot.base.paths import shown
from edgeboot.server.dnsmasq.config import Directive, as_cause, every_line
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


def _names(line: Directive, reservation: Reservation) -> bool:
    words = [word.strip().lower() for word in line.value.split(",")]
    if reservation.mac is not None:
        return any(str(reservation.mac) in word.split() for word in words)
    assert reservation.client_id is not None  # noqa: S101 - it has one of the two
    return f"id:{reservation.client_id.lower()}" in words
