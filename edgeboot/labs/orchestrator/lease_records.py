"""Leases in the journal, and giving one back that its owner no longer can (RFC 2131 section 4.4.6)."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final, Self

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.message import BOOTREQUEST, DhcpMessage, option
from edgeboot.dhcp.options import Options
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT, MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.labs.clean import Kind, Made
from edgeboot.machine.wire.frame import udp_frame
from edgeboot.machine.wire.port import Port

_ENTRY: Final = re.compile(
    r"(?P<address>\S+) of (?P<mac>\S+) \(client id (?P<client_id>\S+)\)"
    r" from (?P<server>\S+) \((?P<server_mac>\S+)\) at (?P<port>\S+) on (?P<interface>\S+)"
)
_NO_CLIENT_ID: Final = "none"


@dataclass(frozen=True, slots=True)
class LeaseHolder:
    """Whom a server knows a lease by: the client identifier, else the MAC (RFC 2131 section 4.2)."""

    mac: MacAddress
    client_id: bytes | None

    @classmethod
    def of(cls, message: DhcpMessage) -> Self:
        """Of a client's message, or of a reply that returns the identifier (RFC 6842)."""
        return cls(message.chaddr, message.options.get(Code.CLIENT_IDENTIFIER))

    def __str__(self) -> str:
        return f"{self.mac} (client id {self.client_id.hex() if self.client_id else _NO_CLIENT_ID})"


@dataclass(frozen=True, slots=True)
class LeaseSource:
    """Where leases come from: the server, and the ports on the way to it."""

    server: IPv4Address
    server_mac: MacAddress
    port: str
    """One of ours; a killed run's still stands when its journal is replayed."""
    interface: str
    """What it stands on: it is left after a power loss, when all ports have gone."""


def lease_entry(holder: LeaseHolder, address: IPv4Address, lease_source: LeaseSource) -> Made:
    """The journal's entry for a lease that is about to be asked for."""
    return Made(
        Kind.LEASE,
        f"{address} of {holder} from {lease_source.server} ({lease_source.server_mac})"
        f" at {lease_source.port} on {lease_source.interface}",
    )


def give_back(entry: str) -> bool:
    """Send the DHCPRELEASE of an entry; False where there is no way to the server any more.

    Nothing is answered to it. A server that has no such lease takes no notice.
    """
    told = _ENTRY.fullmatch(entry)
    if told is None:
        return False
    for interface in (told["port"], told["interface"]):
        try:
            port = Port(interface, MacAddress.parse(told["mac"]))
        except OSError:
            continue
        try:
            port.send(_release(told))
        finally:
            port.close()
        return True
    return False


def _release(told: re.Match[str]) -> bytes:
    mac, server = MacAddress.parse(told["mac"]), IPv4Address(told["server"])
    address = IPv4Address(told["address"])
    options = [
        option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPRELEASE),
        option(Code.SERVER_IDENTIFIER, server),
    ]
    if told["client_id"] != _NO_CLIENT_ID:
        options.append(option(Code.CLIENT_IDENTIFIER, bytes.fromhex(told["client_id"])))
    xid = random.getrandbits(32)
    message = DhcpMessage(BOOTREQUEST, xid, mac, Options(tuple(options)), ciaddr=address)
    return udp_frame(
        mac,
        MacAddress.parse(told["server_mac"]),
        (address, CLIENT_PORT),
        (server, SERVER_PORT),
        message.encode(),
    )
