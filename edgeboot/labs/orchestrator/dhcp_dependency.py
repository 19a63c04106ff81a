"""Finds out whether a machine depends on a libvirt network's DHCP for address, router and DNS."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address

from edgeboot.base.mac import MacAddress
from edgeboot.host.libvirt.xml import advertised_router_and_dns, dhcp_of


@dataclass(frozen=True, slots=True)
class LibvirtLease:
    """A lease of libvirt's DHCP."""

    mac: MacAddress
    address: IPv4Address
    hostname: str | None
    expires: datetime | None
    """None for an infinite lease."""


@dataclass(frozen=True, slots=True)
class DhcpDependency:
    """A machine has its address, router and DNS from a DHCP server that will be switched off."""

    network: str
    mac: MacAddress
    address: IPv4Address
    router: IPv4Address | None
    """The router that DHCP sends; None for an isolated network."""
    dns: IPv4Address | None
    """The DNS server that DHCP sends; None where libvirt's DNS is off."""
    leased: bool
    """Whether it has a lease; False if the network's XML only reserves an address for it."""
    expires: datetime | None
    """When its lease expires unless renewed; None without a lease or for an infinite one."""

    def __str__(self) -> str:
        """The dependency in one sentence, for the operator."""
        route = f"its default route by {self.router}" if self.router else "no default route"
        dns = f"its DNS from {self.dns}" if self.dns else "no DNS"
        if not self.leased:
            how = "reserves the address for it in a <host> entry; no lease is known"
        elif self.expires is None:
            how = "granted it an infinite lease"
        else:
            how = f"granted it a lease until {self.expires:%Y-%m-%d %H:%M:%S} UTC"
        return (
            f"the Orchestrator's NIC {self.mac} depends on the DHCP of libvirt network {self.network},"
            f" which {how}: {self.address}, {route}, {dns}; it cannot be renewed while that DHCP is off"
        )


def dhcp_dependency(
    network: str, xml: str, leases: Iterable[LibvirtLease], mac: MacAddress, addresses: Iterable[IPv4Address]
) -> DhcpDependency | None:
    """The machine's lease from the network, or the address reserved for it; None if it has neither.

    Args:
        network: name of the network.
        xml: libvirt's XML of the network.
        leases: the leases of its DHCP.
        mac: MAC address of the machine.
        addresses: addresses the machine is known to have. A lease for one of them is preferred,
            and a reservation for any other address is ignored.
    """
    known = set(addresses)
    own_leases = [lease for lease in leases if lease.mac == mac]
    held = sorted(own_leases, key=lambda lease: lease.address not in known)
    reserved = [address for address in _reserved(xml, mac) if not known or address in known]
    if held:
        address, leased, expires = held[0].address, True, held[0].expires
    elif reserved:
        address, leased, expires = reserved[0], False, None
    else:
        return None
    router, dns = advertised_router_and_dns(xml)
    return DhcpDependency(network, mac, address, router, dns, leased, expires)


def _reserved(xml: str, mac: MacAddress) -> list[IPv4Address]:
    hosts = [element for _, elements in dhcp_of(xml) for element in elements if element.get("ip")]
    return [IPv4Address(host.attrib["ip"]) for host in hosts if host.get("mac", "").lower() == str(mac)]
