"""Comparison of what a reserved machine gets with its reservation."""

from __future__ import annotations

from collections.abc import Iterator

from edgeboot.dhcp import firmware
from edgeboot.dhcp.vocabulary import OptionCode
from edgeboot.node.exchange import Reply
from edgeboot.report.findings import Finding, Sender
from edgeboot.server.dnsmasq.host_lines import host_line
from edgeboot.spec.contract.reservations import Reservation
from edgeboot.spec.manifests.deployment import ServerConfig


def deviations_from(reservation: Reservation, reply: Reply, config: ServerConfig) -> tuple[Finding, ...]:
    """Everything that is stated for the machine and is otherwise in the reply, with its line as the cause."""
    return tuple(
        Finding(field, stated, received, Sender.of(reply), (host_line(reservation, config),))
        for field, stated, received in _compared(reservation, reply)
        if received != stated
    )


def _compared(reservation: Reservation, reply: Reply) -> Iterator[tuple[str, object, object]]:
    """Field, stated and received value."""
    yield "address", reservation.address, reply.address
    if reservation.name is not None:
        name = reply.message.options.get(OptionCode.HOST_NAME)
        yield "name", reservation.name, None if name is None else name.decode("ascii", "replace")
    if reservation.bootfile is not None:
        bootfile = firmware.bootfile(reply.message)
        yield "bootfile", reservation.bootfile, None if bootfile is None else bootfile.text
