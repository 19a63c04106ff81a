"""The end of a storm: its nodes' leases are released, as fast as their server takes that.

A DHCPRELEASE is not answered, and a server that is sent more than its socket's buffer holds loses the rest
without a word. So they go out in windows, and between two windows a node that still has its lease asks
whether it may use that after a reboot (RFC 2131 section 4.3.2, INIT-REBOOT): a server reads messages in their
order, so that its answer shows that it has read the window before.
"""

from __future__ import annotations

import random
import select
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from errno import ENOBUFS
from itertools import cycle
from typing import Final

from edgeboot.base.deadline import Deadline
from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.identity import dhcp_release
from edgeboot.dhcp.message import LIMITED_BROADCAST, UNSPECIFIED
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT
from edgeboot.host.wire.frame import udp_frame
from edgeboot.stress.storm.lease_table import HeldLease, LeaseTable
from edgeboot.stress.storm.numbering import identity_of, xid_of
from edgeboot.stress.storm.reply_reader import message_at, node_in
from edgeboot.stress.storm.wire import Wire

WINDOW: Final = 64
"""DHCPRELEASEs from one question to the next: a quarter of what Linux keeps for a socket by default."""
UNASKED_WINDOW: Final = 0.3
"""Seconds from one window to the next where no node has a lease to ask about: about 200 in a second, as many
as a server manages that writes its lease file anew for each."""
AFTER_A_STORM: Final = (1.0, 1.0, 2.0, 4.0, 8.0, 8.0)
"""Seconds from one question to the next; dnsmasq may have six ping checks of three seconds before it."""
LATER: Final = (0.5, 1.0, 1.0, 1.0)
"""The same when a storm has been over for some time."""
_FULL: Final = 0.01
"""Seconds until a frame for which there was no room is sent again."""
LONGEST: Final = 300.0
"""Seconds for all of them."""
_FIRST_QUESTION, _QUESTIONS = 0x80, 0x40
"""The transactions of the questions, in turn: a late answer must not be taken for that to another one."""


@dataclass(frozen=True, slots=True)
class ReleaseProgress:
    """How far the release is."""

    released: int
    leases: int
    interrupted: bool
    """Whether Ctrl-C was pressed: once more leaves the rest."""


OnReleased = Callable[[ReleaseProgress], object]


class ReleaseEnd(StrEnum):
    """Why no more were released."""

    ALL = "all"
    """Every lease was."""
    UNANSWERED = "unanswered"
    """The server answered no question."""
    OUT_OF_TIME = "out of time"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Release:
    """What became of a storm's leases at its end."""

    leases: int
    """That its nodes had asked for."""
    released: int
    """Of these: their DHCPRELEASEs were sent, and all but the last two were seen to be read."""
    end: ReleaseEnd
    remaining: int | None = None
    """Leases of the storm in the server's lease database afterwards; None where that cannot be seen."""
    logged: int = 0
    """Lines of the server's log about a DHCPRELEASE, where its lease database cannot be seen."""


class Releasing:
    """The release of all leases in a table: runs once.

    Args:
        table: the leases; each is taken out of it once the server has read its DHCPRELEASE.
        clients: what the nodes ran in each round.
        wire: an open port on the segment.
        patience: seconds from each question to the next.
        on_released: called after each window.
    """

    def __init__(
        self,
        table: LeaseTable,
        clients: Sequence[ClientProfile],
        wire: Wire,
        patience: Sequence[float],
        on_released: OnReleased = lambda _: None,
    ) -> None:
        self._table = table
        self._clients = clients
        self._wire = wire
        self._patience = patience
        self._on_released = on_released
        self._witnesses: tuple[HeldLease, ...] = ()
        """The last leases of the last and of the first node that has one, which are asked about."""
        self._sent: list[HeldLease] = []
        """DHCPRELEASEs that the server may not have read yet."""
        self._leases = self._released = self._questions = 0
        self._interrupted = False

    def run(self) -> Release:
        """Until every lease is released, the server answers no more, the time is over, or a second Ctrl-C.

        The first one does not end it: whoever has ended a storm by Ctrl-C may have pressed it twice.
        """
        self._leases = sum(1 for _ in self._table.held())
        until = Deadline(time.monotonic() + LONGEST)
        try:
            end = self._release(until)
        except KeyboardInterrupt:
            end = self._release_after_all(until)
        return Release(self._leases, self._released, end)

    def _release_after_all(self, until: Deadline) -> ReleaseEnd:
        self._interrupted = True
        try:
            self._tell()
            return self._release(until)
        except KeyboardInterrupt:
            return ReleaseEnd.INTERRUPTED

    def _release(self, until: Deadline) -> ReleaseEnd:
        held = list(self._table.held())
        acknowledged = [lease for lease in held if lease.acknowledged]
        first_node = [lease for lease in acknowledged if lease.number == acknowledged[0].number]
        self._witnesses = tuple(dict.fromkeys((*acknowledged[-1:], *first_node[-1:])))
        self._sent = []
        # All of a witness's node at the end: its rounds may have had one address.
        asked = {witness.number for witness in self._witnesses}
        others = [lease for lease in held if lease.number not in asked]
        for first in range(0, len(others), WINDOW):
            if until.passed:
                return ReleaseEnd.OUT_OF_TIME
            if not self._all_read():
                return ReleaseEnd.UNANSWERED
            if not self._send(others[first : first + WINDOW], until):
                return ReleaseEnd.OUT_OF_TIME
        if not self._all_read():
            return ReleaseEnd.UNANSWERED
        if not self._send([lease for lease in held if lease.number in asked], until):
            return ReleaseEnd.OUT_OF_TIME
        self._take_out()
        return ReleaseEnd.ALL

    def _send(self, leases: Sequence[HeldLease], until: Deadline) -> bool:
        """Whether there was room for all of them by then."""
        for lease in leases:
            frame = _release_frame(lease, self._clients[lease.round])
            while not self._has_sent(frame):
                if until.passed:
                    return False
                self._answer_within(_FULL, -1)
        self._sent += leases
        return True

    def _has_sent(self, frame: bytes) -> bool:
        """Whether there was room for a frame: the queue of the port, or of its other end, may be full."""
        try:
            self._wire.send(frame)
        except OSError as error:
            if error.errno != ENOBUFS:
                raise
            return False
        return True

    def _all_read(self) -> bool:
        """Whether the server has read what was sent; where nobody can ask, it is given time for it."""
        if not self._witnesses:
            self._answer_within(UNASKED_WINDOW, -1)
        elif not self._is_answered():
            return False
        self._take_out()
        return True

    def _take_out(self) -> None:
        for lease in self._sent:
            self._table.released(lease.row)
        self._released += len(self._sent)
        self._sent = []
        self._tell()

    def _tell(self) -> None:
        self._on_released(ReleaseProgress(self._released, self._leases, self._interrupted))

    def _is_answered(self) -> bool:
        transaction = _FIRST_QUESTION + self._questions % _QUESTIONS
        self._questions += 1
        for seconds, witness in zip(self._patience, cycle(self._witnesses), strict=False):
            # One without room is asked again after its wait, as one that was lost.
            self._has_sent(_question_frame(witness, self._clients[witness.round], transaction))
            if self._answer_within(seconds, transaction):
                return True
        return False

    def _answer_within(self, seconds: float, transaction: int) -> bool:
        """Whether a question is answered by then; other frames are thrown away meanwhile."""
        answered = False

        def on_frame(memory: memoryview, start: int, end: int, _: float) -> None:
            nonlocal answered
            node = node_in(memory, message_at(memory, start), end)
            answered = answered or any(node == xid_of(each.number, transaction) for each in self._witnesses)

        deadline = Deadline(time.monotonic() + seconds)
        while not (answered or deadline.passed):
            select.select([self._wire], [], [], deadline.remaining)
            self._wire.drain(on_frame)
        return answered


def _release_frame(lease: HeldLease, client: ClientProfile) -> bytes:
    node = identity_of(lease.number, client)
    message = dhcp_release(random.getrandbits(32), node.mac, node.client_id, lease.address, lease.server)
    ends = (lease.address, CLIENT_PORT), (lease.server, SERVER_PORT)
    return udp_frame(node.mac, lease.server_mac, *ends, message.encode())


def _question_frame(lease: HeldLease, client: ClientProfile, transaction: int) -> bytes:
    """To that server alone: another one may refuse its lease."""
    node = identity_of(lease.number, client)
    message = node.reboot(xid_of(lease.number, transaction), lease.address)
    ends = (UNSPECIFIED, CLIENT_PORT), (LIMITED_BROADCAST, SERVER_PORT)
    return udp_frame(node.mac, lease.server_mac, *ends, message.encode())
