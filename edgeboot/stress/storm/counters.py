"""What a storm counts while it runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Counters:
    """Messages of all nodes together."""

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
    """DHCPACKs that no node can use: of another address or server than it asked, or of nothing it asked."""
    naks: int = 0
    unidentified_offers: int = 0
    """Offers without option 54, which nobody can take."""
    latest_sending: float = 0.0
    """By how many seconds at most a first DHCPDISCOVER was sent later than intended: our own slowness."""
