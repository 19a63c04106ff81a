"""How long edge nodes find nobody: one DHCPDISCOVER, sent again until it is answered."""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.base.mac import BROADCAST
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT
from edgeboot.machine.wire.frame import udp_frame
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.node.matching import reply_to

_FROM: Final = (UNSPECIFIED, CLIENT_PORT)
_TO: Final = (IPv4Address("255.255.255.255"), SERVER_PORT)


def insist(node: EdgeNode, within: Wait) -> Exchange:
    """Broadcast one DHCPDISCOVER every ``Wait.RETRANSMISSION`` until the first reply to it.

    The exchange's round trip counts from the first sending: where that finds nobody, it is
    how long there was nobody. Firmware asks more seldom, every 4 s and later less often.
    """
    message = node.identity.discover(secrets.randbits(32))
    octets = udp_frame(node.mac, BROADCAST, _FROM, _TO, message.encode())
    node.port.pending()  # What came before the question is no answer to it.
    sent, started, end = node.port.send(octets), time.monotonic(), Deadline.after(within)
    reply = _reply(node, message)
    while reply is None and not end.passed:
        node.port.send(octets)
        reply = _reply(node, message)
    replies = () if reply is None else (reply,)
    exchange = Exchange(message, sent, replies, timedelta(seconds=time.monotonic() - started))
    node.on_exchange(exchange)
    return exchange


def _reply(node: EdgeNode, message: DhcpMessage) -> Reply | None:
    deadline = Deadline.after(Wait.RETRANSMISSION)
    while (frame := node.port.receive(deadline)) is not None:
        reply = reply_to(message, frame)
        if reply is not None:
            return reply
    return None
