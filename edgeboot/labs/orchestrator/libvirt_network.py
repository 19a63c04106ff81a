"""The libvirt network that owns a site's bridge, and its DHCP, off for the time of a run.

Both the running network and its definition are changed: terraform's provider and libvirtd's
next start go by the definition. What libvirt says is read again afterwards, never assumed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv4Interface
from typing import Any, Final
from xml.etree import ElementTree as ET

import libvirt

from edgeboot.errors import LabError
from edgeboot.journal import Journal
from edgeboot.labs.kind.libvirt_dhcp import served, switch_off_dhcp
from edgeboot.mac import MacAddress
from edgeboot.undo import NetworkState

_RIGHTS: Final = "start libvirtd, be in group libvirt, or name another by --libvirt-uri"


class LibvirtUnreachable(LabError):
    """libvirt does not answer, or refuses: what it would tell could not be checked."""


@dataclass(frozen=True, slots=True)
class LibvirtLease:
    """One client of the network's DHCP."""

    mac: MacAddress
    address: IPv4Address
    hostname: str | None
    expires: datetime | None
    """None for a lease without end."""


@dataclass(frozen=True, slots=True)
class Dependence:
    """The Orchestrator lives on the DHCP that is going to be switched off."""

    mac: MacAddress
    address: IPv4Address
    network: str
    gives: tuple[str, ...]
    expires: datetime | None

    def __str__(self) -> str:
        """What an operator must know of it."""
        until = f"until {self.expires:%H:%M:%S} UTC" if self.expires is not None else "by a fixed entry"
        with_it = f", and {' and '.join(self.gives)} from there," if self.gives else ""
        return (
            f"the Orchestrator's own network card {self.mac} has {self.address}{with_it} from the DHCP of "
            f"libvirt network {self.network} {until}: it cannot renew that during the run"
        )


class NetworkOwner:
    """An active libvirt network, by its bridge."""

    def __init__(self, network: Any, uri: str) -> None:
        self.uri = uri
        self.name = str(network.name())
        self.bridge = str(network.bridgeName())
        self.persistent = bool(network.isPersistent())
        self._network = network

    @property
    def address(self) -> IPv4Interface | None:
        """The bridge's own; None where libvirt gives it none."""
        ip = _ip(self.xml())
        return (
            None
            if ip is None
            else IPv4Interface(f"{ip.get('address')}/{ip.get('prefix') or ip.get('netmask')}")
        )

    @property
    def offers(self) -> tuple[str, ...]:
        """What its DHCP gives, in the running network and in the definition."""
        live = served(self.xml())
        defined = served(self.definition()) if self.persistent else []
        both = [text for text in live if text in defined]
        return (
            *(f"{text} ({'live and persistent' if self.persistent else 'live'})" for text in both),
            *(f"{text} (live)" for text in live if text not in defined),
            *(f"{text} (persistent)" for text in defined if text not in live),
        )

    @property
    def serves(self) -> bool:
        """Whether it does, or will after its next start."""
        return bool(self.offers)

    def xml(self) -> str:
        """The running network, in libvirt's words."""
        return str(self._network.XMLDesc())

    def definition(self) -> str:
        """What it is started from next time."""
        return str(self._network.XMLDesc(libvirt.VIR_NETWORK_XML_INACTIVE))

    def leases(self) -> tuple[LibvirtLease, ...]:
        """Of its DHCP's clients, as far as they are IPv4's and on Ethernet."""
        return tuple(
            LibvirtLease(
                MacAddress.parse(str(each["mac"])),
                IPv4Address(each["ipaddr"]),
                each.get("hostname"),
                datetime.fromtimestamp(each["expirytime"], UTC) if each["expirytime"] else None,
            )
            for each in self._network.DHCPLeases()
            if each["type"] == libvirt.VIR_IP_ADDR_TYPE_IPV4 and each.get("mac")
        )

    def switch_off(self, journal: Journal) -> None:
        """Take every range and host out of the running network and of its definition.

        Raises:
            LabError: it cannot be put back as it was, libvirt refuses, or says that it still is on.
        """
        states = [NetworkState.LIVE, *([NetworkState.PERSISTENT] if self.persistent else [])]
        switch_off_dhcp(self._network, self.uri, journal, states)
        if self.serves:
            raise LabError(
                f"libvirt network {self.name}",
                f"says that its DHCP is still on after it was switched off: {', '.join(self.offers)}",
                f"virsh net-edit {self.name}, and take its <dhcp> out",
            )

    def dependence(self, mac: MacAddress, addresses: Iterable[IPv4Address]) -> Dependence | None:
        """Whether a machine has an address, and with it router and DNS, from this network's DHCP.

        Args:
            mac: the machine's.
            addresses: what it answers ARP for: an old lease of another is none of its.
        """
        entries = {
            each.get("mac"): IPv4Address(str(each.get("ip")))
            for each in ET.fromstring(self.xml()).iterfind("ip/dhcp/host")  # noqa: S314 - libvirt's own words
            if each.get("mac") and each.get("ip")
        }
        leases = [lease for lease in self.leases() if lease.mac == mac]
        if leases:
            return Dependence(mac, leases[0].address, self.name, self._gives, leases[0].expires)
        fixed = entries.get(str(mac))
        if fixed is not None and fixed in set(addresses):
            return Dependence(mac, fixed, self.name, self._gives, None)
        return None

    @property
    def _gives(self) -> tuple[str, ...]:
        """With an address: a router where the network forwards, its resolver unless that is off."""
        root = ET.fromstring(self.xml())  # noqa: S314 - libvirt's own words
        dns, address = root.find("dns"), self.address
        own = f"({address.ip})" if address is not None else ""
        router = ("its default route " + own,) if root.find("forward") is not None else ()
        resolver = ("its name server " + own,) if dns is None or dns.get("enable") != "no" else ()
        return tuple(each.strip() for each in (*router, *resolver))


def find_owner(bridge: str, uri: str) -> NetworkOwner | None:
    """The active network that owns the bridge; None where none of libvirt's does.

    Raises:
        LibvirtUnreachable: libvirt does not answer.
    """
    libvirt.registerErrorHandler(lambda *_: None, None)
    try:
        connection = libvirt.open(uri)
        networks = connection.listAllNetworks(libvirt.VIR_CONNECT_LIST_NETWORKS_ACTIVE)
    except libvirt.libvirtError as error:
        raise LibvirtUnreachable(f"libvirt {uri}", f"does not answer ({error})", _RIGHTS) from error
    for network in networks:
        if network.bridgeName() == bridge:
            return NetworkOwner(network, uri)
    return None


def _ip(xml: str) -> ET.Element | None:
    root = ET.fromstring(xml)  # noqa: S314 - libvirt's own words
    return next((each for each in root.findall("ip") if each.get("family") != "ipv6"), None)
