"""Whether a frame is a reply to a message, and if not, which of its fields differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from edgeboot.base.mac import BROADCAST
from edgeboot.dhcp.identity import is_ours
from edgeboot.dhcp.message import BOOTREPLY, DhcpMessage, MalformedMessage
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, CLIENT_PORT, SERVER_PORT
from edgeboot.host.wire.frame import Datagram, Frame, dissect
from edgeboot.node.exchange import Reply

Match = Callable[[DhcpMessage, Reply], bool]
"""Whether a BOOTREPLY counts as an answer to a message."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A server's message that firmware would not accept as a reply, and why not."""

    reason: str


def reaches(request: DhcpMessage, reply: Reply, port: int = CLIENT_PORT) -> bool:
    """Whether firmware accepts the reply: its xid, chaddr and port, untagged, and at its network card."""
    return not _differences(request, reply, port)


def has_same_xid(request: DhcpMessage, reply: Reply) -> bool:
    """Whether the reply has the request's xid, with any chaddr and port."""
    return reply.frame.vlan is None and reply.message.xid == request.xid


def read(
    request: DhcpMessage, frame: Frame, match: Match | None = None, *, port: int = CLIENT_PORT
) -> Reply | Mismatch | None:
    """The frame as a reply to ``request``, or as a server's ``Mismatch``; None for anything else.

    Each frame is dissected and decoded once.

    Args:
        request: the message sent.
        frame: what was received.
        match: what counts as a reply; None for what ``reaches`` a client that listens on ``port``.
        port: the client's UDP port.
    """
    datagram = dissect(frame.untagged)
    if datagram is None:
        return None
    try:
        message = DhcpMessage.decode(datagram.payload)
    except MalformedMessage as error:
        ports = {datagram.source_port, datagram.destination_port}
        sent_by_server = bool(ports & {SERVER_PORT, BOOT_SERVER_PORT})
        if not sent_by_server or datagram.source_mac == request.chaddr:
            return None
        return Mismatch(f"a malformed message ({error}) from {datagram.sender}")
    if message.op != BOOTREPLY:
        return None
    reply = Reply(message, datagram, frame, request)
    differences = _differences(request, reply, port)
    if match(request, reply) if match else not differences:
        return reply
    if not differences or datagram.source_mac == request.chaddr:
        return None
    if message.chaddr != request.chaddr and is_ours(message.chaddr):
        return None  # To another node of the suite, such as the one of the census.
    return Mismatch(f"a {message.name} with {', '.join(differences)} from {datagram.sender}")


def reply_to(request: DhcpMessage, frame: Frame) -> Reply | None:
    """The frame as a reply that firmware accepts, else None."""
    reply = read(request, frame)
    return reply if isinstance(reply, Reply) else None


def dhcp_message(frame: Frame) -> tuple[DhcpMessage, Datagram] | None:
    """The message in a frame and the datagram that carried it; None if there is none."""
    datagram = dissect(frame)
    message = None if datagram is None else message_in(datagram)
    return None if datagram is None or message is None else (message, datagram)


def message_in(datagram: Datagram) -> DhcpMessage | None:
    """The message that a datagram carries; None if there is none."""
    try:
        return DhcpMessage.decode(datagram.payload)
    except MalformedMessage:
        return None


def _differences(request: DhcpMessage, reply: Reply, port: int) -> list[str]:
    """The fields by which firmware, or its network card, sees that a reply is not for it."""
    message, datagram, vlan = reply.message, reply.datagram, reply.frame.vlan
    differences: list[str] = []
    if vlan is not None:
        differences.append(f"the tag of VLAN {vlan}")
    if message.xid != request.xid:
        differences.append(f"xid {message.shown_xid}")
    if message.chaddr != request.chaddr:
        differences.append(f"chaddr {message.chaddr}")
    if datagram.destination_port != port:
        differences.append(f"destination port {datagram.destination_port}")
    if datagram.destination_mac not in {BROADCAST, request.chaddr}:
        differences.append(f"destination MAC {datagram.destination_mac}")
    return differences
