"""Which request of a client each reply in a capture answers, and on which side of a relay that passed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from edgeboot.dhcp.message import BOOTREPLY, UNSPECIFIED
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, CLIENT_PORT, SERVER_PORT
from edgeboot.report.machine_boot.traffic import MachineTraffic, PassedMessage


@dataclass(frozen=True, slots=True)
class Answered:
    """A reply of a server, and what it answers."""

    reply: PassedMessage
    request: PassedMessage | None
    """The latest message of the client before it with its xid; None where the capture has none."""
    both_sides: bool
    """Whether what passed on both sides of a relay is in the capture."""


def answered(traffic: MachineTraffic) -> Iterator[Answered]:
    """The replies to a client's messages to port 67, in their order."""
    asked: dict[int, PassedMessage] = {}
    sides: dict[int, set[bool]] = {}
    for passed in traffic.messages:
        message, datagram = passed.message, passed.datagram
        if BOOT_SERVER_PORT in {datagram.source_port, datagram.destination_port}:
            continue
        if is_from_client(passed):
            asked[message.xid] = passed
            sides.setdefault(message.xid, set()).add(message.giaddr != UNSPECIFIED)
        elif message.op == BOOTREPLY:
            xid = message.xid
            yield Answered(passed, asked.get(xid), len(sides.get(xid, ())) > 1)


def is_from_client(passed: PassedMessage) -> bool:
    """Whether the client or its relay has sent it to a server's port; not a relay that hands a reply on."""
    ports = (passed.datagram.source_port, passed.datagram.destination_port)
    if passed.message.op == BOOTREPLY:  # From a client's port to a server's goes no server's reply.
        return ports == (CLIENT_PORT, SERVER_PORT)
    return ports[1] == SERVER_PORT
