"""What reserved machines get compared with their reservations, and others that are served all the same."""

from __future__ import annotations

from collections.abc import Iterator

from edgeboot.dhcp import firmware
from edgeboot.dhcp.vocabulary import MessageType, OptionCode
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.report.findings import Finding, Sender
from edgeboot.server.dnsmasq.host_lines import host_line, serving_lines
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


def served_all_the_same(exchange: Exchange, config: ServerConfig) -> tuple[Finding, ...]:
    """The finding where a machine that is not to be served was given something.

    A DHCPNAK gives nothing: a server may say at once that it does not know the machine.
    """
    given = [reply for reply in exchange.replies if reply.message.message_type is not MessageType.DHCPNAK]
    if not given:
        return ()
    reply, asking = given[0], exchange.request
    received = f"{reply.message.name} of {reply.address}"
    statement = (
        f"{asking.chaddr}, which nothing is reserved for, is served: expected no answer to {asking.name}, "
        f"received {received} from {reply.sender}"
    )
    causes = serving_lines(asking, reply.address, config)
    expected, sender = f"no answer to {asking.name}", Sender.of(reply)
    return (Finding("answer", expected, received, sender, causes, statement),)
