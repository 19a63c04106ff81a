"""How long a client waits for replies, how often it asks again, and when it gives up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Retransmission:
    """A client's patience, in seconds.

    After the last wait of either kind without a reply it gives up.
    """

    discover: tuple[float, ...]
    """After each DHCPDISCOVER, before the next one."""
    request: tuple[float, ...]
    """After each DHCPREQUEST that takes an offer, before it is sent again."""
    waits_for_other_offers: bool
    """Whether it takes an offer only when the wait is over in which it came, not at once."""
    ends_by_nak: bool
    """Whether a DHCPNAK ends its attempt to boot; otherwise it begins anew (RFC 2131 section 3.1 step 4)."""
    source: str
    """Project and file that define this, and what was seen of it on the wire."""


EDK2_RETRANSMISSION: Final = Retransmission(
    discover=(4.0, 8.0, 16.0, 32.0),
    request=(4.0, 8.0, 16.0, 32.0),
    waits_for_other_offers=True,
    ends_by_nak=True,
    source="EDK2 NetworkPkg/UefiPxeBcDxe/PxeBcDhcp4.c mPxeDhcpTimeout, Dhcp4Dxe/Dhcp4Io.c DhcpOnTimerTick, "
    "DhcpHandleRequest; on the wire of OVMF 2022.11 the first wait lasted 3.2 to 4.7 s, with four "
    "DHCPDISCOVERs; its DHCPREQUESTs without a reply came after 4.4 and 9.3 s more, and a DHCPNAK ended "
    "its boot with PXE-E07",
)
