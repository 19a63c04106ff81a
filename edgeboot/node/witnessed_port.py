"""Proof that a message stays unanswered: another node's offer shows that the server has read it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Protocol

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.base.waiting import waiting
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.node.exchange import Exchange
from edgeboot.node.matching import Match, has_same_xid, reaches
from edgeboot.node.message_port import MessagePort
from edgeboot.node.route import BROADCAST_ROUTE, Route


class Sentinel(Protocol):
    """A node that the server answers at once: its offer proves that earlier messages were read."""

    def discover(self, *, grace: timedelta | None = ...) -> Exchange:
        """Send a DHCPDISCOVER and collect the offers."""


@dataclass
class WitnessedPort(MessagePort):
    """Sends messages that need not be answered, and listens as long as a reply could still come."""

    def unanswered(
        self, message: DhcpMessage, sentinel: Sentinel, *, route: Route = BROADCAST_ROUTE
    ) -> Exchange:
        """Send a message that must stay unanswered, and prove the silence.

        Afterwards the sentinel, a node the server answers at once, sends a DHCPDISCOVER: its offer
        proves that the server has read the message. Then the node listens for as long again, and
        for ``Wait.GRACE`` at least, in case the server answers out of order.

        Raises:
            NotAnswered: the sentinel got no offer.
        """
        frames, match = [route.frame(self.mac, message)], partial(reaches, port=route.ports[0])
        return self._witnessed(message, frames, sentinel, match)

    def send_raw(
        self,
        frames: Sequence[bytes],
        message: DhcpMessage,
        sentinel: Sentinel,
        *,
        answer_within: timedelta | None = None,
    ) -> Exchange:
        """Send frames unchanged, and collect the replies, or prove their absence as ``unanswered`` does.

        Args:
            frames: at least one.
            message: what can be decoded of them. Replies are matched by its xid alone: a malformed
                message may have no usable chaddr.
            sentinel: as for ``unanswered``.
            answer_within: how much longer to wait for a first reply that must come: a server may
                answer others while it pings this client's address. None where none must come.

        Raises:
            NotAnswered: the sentinel got no offer. The exchange is recorded all the same.
        """
        return self._witnessed(message, frames, sentinel, has_same_xid, answer_within)

    def _witnessed(
        self,
        message: DhcpMessage,
        frames: Sequence[bytes],
        sentinel: Sentinel,
        match: Match,
        answer_within: timedelta | None = None,
    ) -> Exchange:
        self.port.pending()
        started = time.monotonic()
        sent = [self.port.send(frame) for frame in frames]
        try:
            _ = sentinel.discover(grace=None).offer
        finally:
            waited = timedelta(seconds=time.monotonic() - started)
            replies = self._listen(message, Deadline.after(Wait.GRACE), match=match)
            if not replies and waited > Wait.GRACE:
                replies = self._listen(message, Deadline.after(waited - Wait.GRACE), match=match)
            if not replies and answer_within is not None:
                with waiting(f"a reply to a {message.name}", answer_within):
                    replies = self._listen(message, Deadline.after(answer_within), enough=1, match=match)
            exchange = self._concluded(message, sent[0], started, replies, awaited=False)
        return exchange
