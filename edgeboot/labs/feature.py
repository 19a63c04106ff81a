"""What a lab may offer beyond the core; apart from the labs, for their options say it."""

from __future__ import annotations

from enum import Enum


class Feature(Enum):
    """What a lab can do beyond the core; a test asks for one by the marker of this name."""

    RESTART = "restart"
    """The server may be killed and started."""
    KUBERNETES = "kubernetes"
    """The server is a Pod of a cluster that is ours to change."""
    SECOND_SEGMENT = "second_segment"
    """The server's host has another interface, and a port can be opened on its segment."""
    NEIGHBOURS = "neighbours"
    """Other machines can be put on the segment: boot servers, other DHCP servers."""
    RELAYS = "relays"
    """What the server's host sends to a relay's address can be led to a machine of the segment."""
    OWN_SEGMENT = "own_segment"
    """The segment is the suite's alone: it may be flooded, and its pool drained."""
