"""The libvirt network that owns a site's bridge, and switching its DHCP off during a run.

Both the running network and its definition are changed, because libvirtd starts it from the
definition next time. Every query opens a new connection, so libvirtd may restart in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv4Interface
from typing import Any, Self

import libvirt

from edgeboot.base.mac import MacAddress
from edgeboot.host.journal import Journal
from edgeboot.host.libvirt.connection import LibvirtUnreachable, connected
from edgeboot.host.libvirt.dhcp import NetworkState, network_xml
from edgeboot.host.libvirt.switch_off import switch_off_dhcp
from edgeboot.host.libvirt.xml import address_of, owned_bridge, served_by_both
from edgeboot.labs.orchestrator.dhcp_dependency import DhcpDependency, LibvirtLease, dhcp_dependency

__all__ = ["DhcpDependency", "LibvirtLease", "LibvirtUnreachable", "NetworkOwner", "find_owner"]


@dataclass(frozen=True, slots=True)
class NetworkOwner:
    """An active libvirt network, in its state when it was read."""

    name: str
    uuid: str
    uri: str
    bridge: str
    address: IPv4Interface | None
    """The bridge's address that libvirt assigns; None if it assigns none."""
    persistent: bool
    """Whether it has a definition from which it can be started again."""
    offers: tuple[str, ...]
    """The ranges and hosts of its DHCP, live and in the definition, as text."""

    @classmethod
    def of(cls, network: Any, uri: str) -> Self:
        """Read the current state of a network from libvirt."""
        live, persistent = network_xml(network, NetworkState.LIVE), bool(network.isPersistent())
        definition = network_xml(network, NetworkState.PERSISTENT) if persistent else None
        return cls(
            name=str(network.name()),
            uuid=str(network.UUIDString()),
            uri=uri,
            bridge=str(network.bridgeName()),
            address=address_of(live),
            persistent=persistent,
            offers=served_by_both(live, definition),
        )

    @property
    def serves(self) -> bool:
        """Whether its DHCP was on, live or in the definition."""
        return bool(self.offers)

    def xml(self) -> str:
        """The live XML of the network."""
        with self._network() as network:
            return network_xml(network, NetworkState.LIVE)

    def definition(self) -> str:
        """The XML of its definition; of a transient network the live XML."""
        with self._network() as network:
            return network_xml(network, NetworkState.PERSISTENT)

    def leases(self) -> tuple[LibvirtLease, ...]:
        """The current IPv4 leases of its DHCP that have a MAC address."""
        with self._network() as network:
            return tuple(_lease(lease) for lease in network.DHCPLeases() if _is_ethernet(lease))

    def switch_off(self, journal: Journal) -> None:
        """Delete every range and host from the running network and from its definition.

        The journal restores each of the two separately.

        Raises:
            LabError: it could not be restored later, libvirt refuses, or DHCP is still on.
        """
        hint = f"switch it off for the time of the run: virsh -c '{self.uri}' net-edit {self.name}"
        with self._network() as network:
            states = [NetworkState.LIVE, *([NetworkState.PERSISTENT] if network.isPersistent() else [])]
            switch_off_dhcp(network, self.uri, journal, states, hint)

    def dhcp_dependency(self, mac: MacAddress, addresses: Iterable[IPv4Address]) -> DhcpDependency | None:
        """The machine's dependency on this network's DHCP; None if there is none.

        Args:
            mac: MAC address of the machine.
            addresses: addresses the machine is known to have; may be empty.
        """
        return dhcp_dependency(self.name, self.xml(), self.leases(), mac, addresses)

    @contextmanager
    def _network(self) -> Iterator[Any]:
        with connected(self.uri) as connection:
            yield connection.networkLookupByUUIDString(self.uuid)


def find_owner(
    uri: str, *, bridge: str | None = None, address: IPv4Address | None = None
) -> NetworkOwner | None:
    """The active network that owns a bridge, or, without a bridge, whose subnet has ``address``.

    None if there is no such network. A network that only uses a bridge of the host (forward
    mode bridge) does not own it.

    Args:
        uri: libvirt's URI; that of another host if the segment is there and this host only has
            a network card on it.
        bridge: a bridge of this host.
        address: an address of the segment.

    Raises:
        LibvirtUnreachable: libvirt does not answer, or refuses.
    """

    def is_owner(xml: str) -> bool:
        if bridge is not None:
            return owned_bridge(xml) == bridge
        own = address_of(xml)
        return own is not None and address is not None and address in own.network

    with connected(uri) as connection:
        try:
            networks = connection.listAllNetworks(libvirt.VIR_CONNECT_LIST_NETWORKS_ACTIVE)
        except libvirt.libvirtError as error:
            problem, hint = f"does not list its networks ({error})", "be in group libvirt"
            raise LibvirtUnreachable(f"libvirt {uri}", problem, hint) from error
        owners = [network for network in networks if is_owner(network_xml(network, NetworkState.LIVE))]
        return NetworkOwner.of(owners[0], uri) if owners else None


def _is_ethernet(lease: dict[str, Any]) -> bool:
    return lease["type"] == libvirt.VIR_IP_ADDR_TYPE_IPV4 and bool(lease.get("mac"))


def _lease(lease: dict[str, Any]) -> LibvirtLease:
    ends = int(lease["expirytime"])
    return LibvirtLease(
        mac=MacAddress.parse(str(lease["mac"])),
        address=IPv4Address(lease["ipaddr"]),
        hostname=lease.get("hostname") or None,
        expires=datetime.fromtimestamp(ends, UTC) if ends else None,
    )
