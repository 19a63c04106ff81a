"""Between which addresses and ports a message travels."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final

from edgeboot.base.mac import BROADCAST, MacAddress
from edgeboot.dhcp.message import LIMITED_BROADCAST, UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT
from edgeboot.host.wire.frame import udp_frame


@dataclass(frozen=True, slots=True)
class Route:
    """Source and destination address, destination MAC and UDP ports of a message."""

    source: IPv4Address
    destination: IPv4Address
    mac: MacAddress
    ports: tuple[int, int] = (CLIENT_PORT, SERVER_PORT)

    def frame(self, sender: MacAddress, message: DhcpMessage) -> bytes:
        """The Ethernet frame that carries a message from a machine along this route."""
        own_port, port = self.ports
        ends = ((self.source, own_port), (self.destination, port))
        return udp_frame(sender, self.mac, *ends, message.encode())


BROADCAST_ROUTE: Final = Route(UNSPECIFIED, LIMITED_BROADCAST, BROADCAST)
"""The route of a client without an address (RFC 2131 section 4.1)."""
