"""The state of a round's nodes while they fetch their boot files."""

from __future__ import annotations

from array import array
from enum import IntEnum

MAC_OCTETS = 6


class Step(IntEnum):
    """What a node waits for; in the columns it is a plain number."""

    NONE = 0
    RESOLVING = 1
    """An ARP reply of the boot server, or of the router before it."""
    ASKING = 2
    """A boot server's answer on port 4011."""
    REQUESTING = 3
    """The first answer to its read request."""
    READING = 4
    """Blocks."""
    DONE = 5
    FAILED = 6


class FetchColumns:
    """The columns of so many nodes; times are in seconds on the monotonic clock, 0 for never."""

    def __init__(self, count: int) -> None:
        octets, halves, words, times = bytes(count), bytes(2 * count), bytes(4 * count), bytes(8 * count)
        unheard = b"\xff" * 4 * count
        self.offer = array("i", unheard)
        """Its offer, by its number in the ``BootPlans``."""
        self.proxy = array("i", unheard)
        """The first offer of a ProxyDHCP."""
        self.ack = array("i", unheard)
        self.answer = array("i", unheard)
        """The boot server's answer on port 4011."""
        self.step = array("B", octets)
        self.tries = array("B", octets)
        """How often the last packet was sent before."""
        self.due = array("d", times)
        """When its patience ends."""
        self.server = array("I", words)
        """Whom it asks, by its plan."""
        self.hop = array("I", words)
        """Whose MAC address it sends to: the boot server's, or a router's."""
        self.hop_mac = bytearray(MAC_OCTETS * count)
        self.asked = array("B", octets)
        """How many read requests it is done with: those before the last ask for the size alone."""
        self.server_port = array("H", halves)
        """The server's transfer identifier; 0 before its first answer."""
        self.blocks = array("I", words)
        self.octets = array("Q", times)
        self.size = array("q", b"\xff" * 8 * count)
        """What the server has announced, in octets; -1 for nothing."""
        self.blksize = array("H", halves)
        self.windowsize = array("H", halves)
        self.unacknowledged = array("H", halves)
        """Blocks since its last ACK."""
        self.gap = array("B", octets)
        """Whether it has said that a block is missing."""
        self.fetched_at = array("d", times)
