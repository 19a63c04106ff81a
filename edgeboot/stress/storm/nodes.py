"""The state of a storm's nodes in one round: a column for each fact, a row for each node.

Columns of plain numbers, not an object for each node: a hundred thousand nodes are 5 MB, and each
further one costs as much as the first.
"""

from __future__ import annotations

from array import array
from enum import IntEnum


class Phase(IntEnum):
    """How far a node is; in the columns it is a plain number."""

    OFF = 0
    SELECTING = 1
    """It has sent a DHCPDISCOVER."""
    OFFERED = 2
    """It has an offer, and waits whether another one comes."""
    REQUESTING = 3
    """It has sent a DHCPREQUEST."""
    BOUND = 4
    NOT_OFFERED = 5
    """Its firmware has given up after the last DHCPDISCOVER."""
    NOT_ACKNOWLEDGED = 6
    """Its firmware has given up after the last DHCPREQUEST."""
    REFUSED = 7
    """Its firmware has given up by a DHCPNAK."""
    RESTARTING = 8
    """It has got a DHCPNAK, and waits before it begins anew."""
    FETCHING = 9
    """It has an address, and no boot file yet."""
    NOT_FETCHED = 10
    """It has an address, and has given up without its boot file."""


GAVE_UP = frozenset({Phase.NOT_OFFERED, Phase.NOT_ACKNOWLEDGED, Phase.REFUSED, Phase.NOT_FETCHED})


class VirtualNodes:
    """The columns of so many nodes; times are in seconds on the monotonic clock, 0 for never."""

    def __init__(self, count: int) -> None:
        self.count = count
        octets, words, times = bytes(count), bytes(4 * count), bytes(8 * count)
        self.phase = array("B", octets)
        self.tries = array("B", octets)
        """How often the message of this phase was sent before."""
        self.intended = array("d", times)
        """When its first DHCPDISCOVER of this round was to be sent."""
        self.sent = array("d", times)
        """When its last message was sent."""
        self.due = array("d", times)
        """When its patience with that message ends."""
        self.offered_at = array("d", times)
        self.bound_at = array("d", times)
        self.address = array("I", words)
        """What it was offered last, and got if it is bound."""
        self.server = array("I", words)
        """The server identifier of that offer."""
        self.lease_time = array("I", words)
        """For how many seconds it has got the address; 0 where it was not told."""
        self.offer_delay = array("f", words)
        """From the DHCPDISCOVER before its first offer to that offer."""
        self.ack_delay = array("f", words)
        """From the DHCPREQUEST before its DHCPACK to that."""
