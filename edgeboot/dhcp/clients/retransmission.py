"""How long a client waits for replies, how often it asks again, and when it gives up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class AfterNak(Enum):
    """What a client does that has got a DHCPNAK for its DHCPREQUEST."""

    GIVES_UP = "gives up"
    BEGINS_ANEW = "begins anew"
    """With a DHCPDISCOVER (RFC 2131 section 3.1 step 4)."""
    IGNORES_IT = "ignores it"
    """It asks for the same address again until its patience ends."""


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
    """Whether it takes an offer only when a wait is over, not at once."""
    after_nak: AfterNak
    source: str
    """Project and file that define this, and what was seen of it on the wire."""
    collects: float = 0.0
    """For how long from its first DHCPDISCOVER on it takes no offer, though it asks again, and after which
    it takes one at once; zero for one that takes an offer when the wait is over in which it came."""
    restarts_after: float = 0.0
    """Between a DHCPNAK and the DHCPDISCOVER by which it begins anew."""
    persists: bool = False
    """Whether it never gives up: the last wait is repeated."""

    @property
    def soonest_request(self) -> float:
        """Seconds from its first DHCPDISCOVER before which it takes no offer, however early one comes."""
        if self.collects or not self.waits_for_other_offers:
            return self.collects
        return self.discover[0]


EDK2_RETRANSMISSION: Final = Retransmission(
    discover=(4.0, 8.0, 16.0, 32.0),
    request=(4.0, 8.0, 16.0, 32.0),
    waits_for_other_offers=True,
    after_nak=AfterNak.GIVES_UP,
    source="EDK2 NetworkPkg/UefiPxeBcDxe/PxeBcDhcp4.c mPxeDhcpTimeout, Dhcp4Dxe/Dhcp4Io.c DhcpOnTimerTick, "
    "DhcpHandleRequest; on the wire of OVMF 2022.11 the first wait lasted 3.2 to 4.7 s, with four "
    "DHCPDISCOVERs; its DHCPREQUESTs without a reply came after 4.4 and 9.3 s more, and a DHCPNAK ended "
    "its boot with PXE-E07",
)
IPXE_RETRANSMISSION: Final = Retransmission(
    discover=(1.0, 2.0, 4.0, 8.0),
    request=(0.25, 0.5, 1.0, 2.0, 4.0, 8.0),
    waits_for_other_offers=True,
    collects=2.0,
    after_nak=AfterNak.IGNORES_IT,
    source="iPXE src/config/dhcp.h (DHCP_DISC_START_TIMEOUT_SEC, DHCP_DISC_PROXY_TIMEOUT_SEC), "
    "net/udp/dhcp.c dhcp_discovery_rx, dhcp_discovery_expired, dhcp_request_rx, net/retry.c; on the wire of "
    "1.0.0+git-20190125 the second DHCPDISCOVER came 1.0 s after the first though there was an offer, and "
    "the DHCPREQUEST after 3.0 s",
)
NETWORKD_RETRANSMISSION: Final = Retransmission(
    discover=(2.0, 4.0, 8.0, 16.0, 32.0, 64.0),
    request=(2.0, 4.0, 8.0, 16.0, 32.0, 64.0),
    waits_for_other_offers=False,
    after_nak=AfterNak.BEGINS_ANEW,
    restarts_after=1.0,
    persists=True,
    source="systemd src/libsystemd-network/sd-dhcp-client.c client_timeout_resend, client_restart: 1, 3, 7, "
    "15, 31 and 63 s, each longer by up to two seconds at random, here by one; MaximumAttempts= is not "
    "limited. That the pause after one more DHCPNAK is twice as long is left out",
)
DHCLIENT_RETRANSMISSION: Final = Retransmission(
    discover=(3.0, 6.0, 12.0, 15.0, 15.0, 9.0),
    request=(3.0, 6.0, 12.0, 15.0, 15.0, 9.0),
    waits_for_other_offers=False,
    after_nak=AfterNak.BEGINS_ANEW,
    source="isc-dhcp client/clparse.c (initial-interval 3, backoff-cutoff 15, timeout 60, select-timeout 0), "
    "client/dhclient.c send_discover, send_request: a wait is random, here its mean. It asks again five "
    "minutes after it has given up, which is left out",
)
