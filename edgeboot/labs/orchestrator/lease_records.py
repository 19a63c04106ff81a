"""Leases in the journal, and releasing one whose client has ended (RFC 2131 section 4.4.6)."""

from __future__ import annotations

import random
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Any, ClassVar, Self

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.identity import dhcp_release
from edgeboot.dhcp.message import DhcpMessage
from edgeboot.dhcp.vocabulary import CLIENT_PORT, SERVER_PORT
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host.wire.frame import udp_frame
from edgeboot.host.wire.port import Port


@dataclass(frozen=True, slots=True)
class LeaseHolder:
    """How a server identifies the holder of a lease: client identifier, else MAC (RFC 2131 section 4.2)."""

    mac: MacAddress
    client_id: bytes | None

    @classmethod
    def of(cls, message: DhcpMessage) -> Self:
        """From a client's message, or from a reply that returns the identifier (RFC 6842)."""
        return cls(message.chaddr, message.options.get(Code.CLIENT_IDENTIFIER))

    def __str__(self) -> str:
        return f"{self.mac} (client id {self.client_id.hex() if self.client_id else 'none'})"


@dataclass(frozen=True, slots=True)
class LeaseSource:
    """The DHCP server a lease came from, and the local interfaces that reach it."""

    server: IPv4Address
    server_mac: MacAddress
    port: str
    """The node's own interface; after a killed run it still exists when the journal is replayed."""
    interface: str
    """The interface the port is attached to; it exists after a reboot, which removes all ports."""


@dataclass(frozen=True, slots=True)
class RecordedLease:
    """A lease of one of the run's edge nodes as a leftover; undoing releases it."""

    kind: ClassVar[str] = "DHCP lease"
    address: IPv4Address
    holder: LeaseHolder
    source: LeaseSource

    def __str__(self) -> str:
        return f"DHCP lease {self.address} of {self.holder} from {self.source.server}"

    def to_json(self) -> dict[str, Any]:
        """Address, holder and source; the client identifier in hexadecimal."""
        client_id = self.holder.client_id
        return {
            "address": str(self.address),
            "mac": str(self.holder.mac),
            "client_id": None if client_id is None else client_id.hex(),
            "server": str(self.source.server),
            "server_mac": str(self.source.server_mac),
            "port": self.source.port,
            "interface": self.source.interface,
        }

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """From the fields that ``to_json`` wrote."""
        client_id = fields["client_id"]
        holder = LeaseHolder(
            MacAddress.parse(fields["mac"]), None if client_id is None else bytes.fromhex(client_id)
        )
        source = LeaseSource(
            IPv4Address(fields["server"]),
            MacAddress.parse(fields["server_mac"]),
            str(fields["port"]),
            str(fields["interface"]),
        )
        return cls(IPv4Address(fields["address"]), holder, source)

    def undo(self) -> bool:
        """Send its DHCPRELEASE; False if no interface leads to the server any more.

        A DHCPRELEASE is not answered; a server that has no such lease ignores it.
        """
        for interface in (self.source.port, self.source.interface):
            try:
                port = Port(interface, self.holder.mac)
            except OSError:
                continue
            try:
                port.send(self._release())
            finally:
                port.close()
            return True
        return False

    def _release(self) -> bytes:
        holder, source = self.holder, self.source
        xid = random.getrandbits(32)
        message = dhcp_release(xid, holder.mac, holder.client_id, self.address, source.server)
        ends = (self.address, CLIENT_PORT), (source.server, SERVER_PORT)
        return udp_frame(holder.mac, source.server_mac, *ends, message.encode())
