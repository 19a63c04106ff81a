"""Whether a machine lives on a libvirt network's DHCP, and what it would lose with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address

from edgeboot.base.mac import MacAddress
from edgeboot.machine.libvirt.xml import advertised_router_and_dns, dhcp_of


@dataclass(frozen=True, slots=True)
class LibvirtLease:
    """What libvirt's DHCP has given to one machine."""

    mac: MacAddress
    address: IPv4Address
    hostname: str | None
    expires: datetime | None
    """None for a lease without end."""


@dataclass(frozen=True, slots=True)
class DhcpDependency:
    """A machine has its address, and more, from a DHCP server that is going to be switched off."""

    network: str
    mac: MacAddress
    address: IPv4Address
    router: IPv4Address | None
    """Its default route, of the same server; None where the network leads nowhere."""
    dns: IPv4Address | None
    """Its name server, of the same; None where libvirt's is off."""
    leased: bool
    """Whether it holds a lease now; or the network's XML only keeps an address for it."""
    expires: datetime | None
    """When its lease ends unless it is renewed; None where it has none, or one without end."""

    def __str__(self) -> str:
        """What an operator must know of it, in a sentence."""
        route = f"its default route by {self.router}" if self.router else "no default route"
        dns = f"its DNS from {self.dns}" if self.dns else "no DNS"
        if not self.leased:
            how = "keeps the address for it in a <host> entry; no lease is known"
        elif self.expires is None:
            how = "has given it a lease without end"
        else:
            how = f"has given it a lease until {self.expires:%Y-%m-%d %H:%M:%S} UTC"
        return (
            f"the Orchestrator's NIC {self.mac} lives on the DHCP of libvirt network {self.network},"
            f" which {how}: {self.address}, {route}, {dns}; it cannot be renewed while that DHCP is off"
        )


def dhcp_dependency(
    network: str, xml: str, leases: Iterable[LibvirtLease], mac: MacAddress, addresses: Iterable[IPv4Address]
) -> DhcpDependency | None:
    """Whether a machine has a lease of the network, or an address that is kept for it.

    Args:
        network: its name.
        xml: its description, in libvirt's words.
        leases: those that it has given.
        mac: the machine's.
        addresses: what the machine is known to have: of two leases that of one of them counts,
            and an address that is kept for it does not count where it has others.
    """
    known = set(addresses)
    held = sorted((each for each in leases if each.mac == mac), key=lambda each: each.address not in known)
    kept = [each for each in _kept(xml, mac) if not known or each in known]
    if held:
        address, leased, expires = held[0].address, True, held[0].expires
    elif kept:
        address, leased, expires = kept[0], False, None
    else:
        return None
    router, dns = advertised_router_and_dns(xml)
    return DhcpDependency(network, mac, address, router, dns, leased, expires)


def _kept(xml: str, mac: MacAddress) -> list[IPv4Address]:
    hosts = [each for _, elements in dhcp_of(xml) for each in elements if each.get("ip")]
    return [IPv4Address(each.attrib["ip"]) for each in hosts if each.get("mac", "").lower() == str(mac)]
