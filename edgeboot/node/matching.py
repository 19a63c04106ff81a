"""Whether a frame answers a message, and by which of its fields that is told."""

from __future__ import annotations

from collections.abc import Callable

from edgeboot.base.mac import BROADCAST
from edgeboot.dhcp.message import BOOTREPLY, DhcpMessage, MalformedMessage
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT
from edgeboot.machine.wire.frame import Datagram, Frame, dissect
from edgeboot.node.exchange import Reply

Match = Callable[[DhcpMessage, Frame], Reply | None]
"""Tells whether a frame is a reply to a message."""


def reply_to(request: DhcpMessage, frame: Frame) -> Reply | None:
    """The frame as a reply to ``request``: a BOOTREPLY with its xid and chaddr that reaches it, else None."""
    reply = reply_by_xid(request, frame)
    return None if reply is None or _strange(request, reply) else reply


def mismatch(request: DhcpMessage, frame: Frame) -> str | None:
    """What a server sent that firmware would not take for the answer to ``request``, and why not.

    None where the frame is an answer to it, or nothing of a DHCP server's.
    """
    datagram = dissect(frame.untagged)
    if datagram is None or datagram.source_mac == request.chaddr:
        return None
    try:
        message = DhcpMessage.decode(datagram.payload)
    except MalformedMessage as error:
        sent_by_server = SERVER_PORT in {datagram.source_port, datagram.destination_port}
        return f"a malformed message ({error}) from {datagram.sender}" if sent_by_server else None
    if message.op != BOOTREPLY:
        return None
    found = _strange(request, Reply(message, datagram, frame))
    return f"a {message.name} with {', '.join(found)} from {datagram.sender}" if found else None


def _strange(request: DhcpMessage, reply: Reply) -> list[str]:
    """By what firmware, or its network card, tells that a reply is not for it."""
    message, datagram, vlan = reply.message, reply.datagram, reply.frame.vlan
    found = {
        f"the tag of VLAN {vlan}": vlan is not None,
        f"xid {message.xid:#010x}": message.xid != request.xid,
        f"chaddr {message.chaddr}": message.chaddr != request.chaddr,
        f"destination port {datagram.destination_port}": datagram.destination_port != CLIENT_PORT,
        f"destination MAC {datagram.destination_mac}": datagram.destination_mac
        not in {BROADCAST, request.chaddr},
    }
    return [words for words, differs in found.items() if differs]


def dhcp_message(frame: Frame) -> tuple[DhcpMessage, Datagram] | None:
    """The message in a frame, and the datagram it came in; None where no UDP payload is one."""
    datagram = dissect(frame)
    if datagram is None:
        return None
    try:
        return DhcpMessage.decode(datagram.payload), datagram
    except MalformedMessage:
        return None


def reply_by_xid(request: DhcpMessage, frame: Frame) -> Reply | None:
    """The frame as a BOOTREPLY with the request's xid, to whichever chaddr and port, else None."""
    found = dhcp_message(frame)
    if found is None or (found[0].op, found[0].xid) != (BOOTREPLY, request.xid):
        return None
    return Reply(*found, frame)
