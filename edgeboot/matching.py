"""Whether a frame answers a message, and by which of its fields that is told."""

from __future__ import annotations

from collections.abc import Callable

from edgeboot.dhcp.message import BOOTREPLY, DhcpMessage, MalformedMessage
from edgeboot.dhcp.vocabulary import CLIENT_PORT
from edgeboot.exchange import Reply
from edgeboot.segment.frame import Frame, dissect

Match = Callable[[DhcpMessage, Frame], Reply | None]
"""Tells whether a frame is a reply to a message."""


def reply_to(request: DhcpMessage, frame: Frame) -> Reply | None:
    """The frame as a reply to ``request``: a BOOTREPLY with its xid and chaddr, else None."""
    reply = reply_by_xid(request, frame)
    if reply is None or reply.datagram.destination_port != CLIENT_PORT:
        return None
    return reply if reply.message.chaddr == request.chaddr else None


def reply_by_xid(request: DhcpMessage, frame: Frame) -> Reply | None:
    """The frame as a BOOTREPLY with the request's xid, to whichever chaddr and port, else None."""
    datagram = dissect(frame)
    if datagram is None:
        return None
    try:
        message = DhcpMessage.decode(datagram.payload)
    except MalformedMessage:
        return None
    if (message.op, message.xid) != (BOOTREPLY, request.xid):
        return None
    return Reply(message, datagram, frame)
