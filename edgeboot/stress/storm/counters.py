"""What a storm counts while it runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from errno import ENOBUFS
from typing import Self


@dataclass(slots=True)
class Counters:
    """Messages of all nodes together, in one round or in all."""

    discovers: int = 0
    repeated_discovers: int = 0
    """Those among them that were not a node's first."""
    unanswered_discovers: int = 0
    """Waits that ended without an offer."""
    offers: int = 0
    other_offers: int = 0
    """Offers to nodes that had one already, or did not wait for one any more."""
    proxy_offers: int = 0
    """Offers without an address, as a ProxyDHCP sends them."""
    requests: int = 0
    repeated_requests: int = 0
    unanswered_requests: int = 0
    acks: int = 0
    wrong_acks: int = 0
    """DHCPACKs that no node can use: of another address or server than it asked, whenever they came."""
    naks: int = 0
    unidentified_offers: int = 0
    """Offers without option 54, which nobody can take."""
    read_requests: int = 0
    """To TFTP servers, those for a file's size included."""
    repeated_packets: int = 0
    """ARP, boot and read requests and acknowledgements that were sent again after a wait."""
    strays: int = 0
    """Datagrams of a TFTP server that belong to no transfer, or to one that is over."""
    fetched_octets: int = 0
    unsent: int = 0
    """Frames that could not be sent: the queue of the port, or of its other end, was full."""
    latest_sending: float = 0.0
    """By how many seconds at most a first DHCPDISCOVER was sent later than intended: our own slowness."""

    def count_unsent(self, error: OSError) -> None:
        """A frame was not sent for want of room, and is lost as on a full line; another error is raised."""
        if error.errno != ENOBUFS:
            raise error
        self.unsent += 1

    @classmethod
    def of_all(cls, rounds: Iterable[Counters]) -> Self:
        """Those of several rounds together."""
        counted = list(rounds)
        total = cls(**{each.name: sum(getattr(one, each.name) for one in counted) for each in fields(cls)})
        total.latest_sending = max((one.latest_sending for one in counted), default=0.0)
        return total
