"""The libvirt network that owns a site's bridge, and its DHCP, off for the time of a run.

Both the running network and its definition are changed: libvirtd's next start goes by the
definition. Every question is asked anew, so that libvirtd may be restarted between two.
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
from edgeboot.labs.orchestrator.dhcp_dependency import DhcpDependency, LibvirtLease, dhcp_dependency
from edgeboot.machine.journal import Journal
from edgeboot.machine.libvirt.connection import LibvirtUnreachable, connected
from edgeboot.machine.libvirt.dhcp import NetworkState, network_xml
from edgeboot.machine.libvirt.switch_off import switch_off_dhcp
from edgeboot.machine.libvirt.xml import address_of, owned_bridge, served_by_both

__all__ = ["DhcpDependency", "LibvirtLease", "LibvirtUnreachable", "NetworkOwner", "find_owner"]


@dataclass(frozen=True, slots=True)
class NetworkOwner:
    """An active libvirt network, as it was found by its bridge."""

    name: str
    uuid: str
    uri: str
    bridge: str
    address: IPv4Interface | None
    """The bridge's own, as libvirt gives it; None where it gives none."""
    persistent: bool
    """Whether it has a definition, from which it can be started again."""
    offers: tuple[str, ...]
    """What its DHCP gave when it was found, in the running network and in the definition."""

    @classmethod
    def of(cls, network: Any, uri: str) -> Self:
        """What libvirt says of a network now."""
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
        """Whether it gave addresses when it was found, or would after its next start."""
        return bool(self.offers)

    def xml(self) -> str:
        """The running network, in libvirt's words."""
        with self._network() as network:
            return network_xml(network, NetworkState.LIVE)

    def definition(self) -> str:
        """What it is started from next time; of a transient network what runs."""
        with self._network() as network:
            return network_xml(network, NetworkState.PERSISTENT)

    def leases(self) -> tuple[LibvirtLease, ...]:
        """What its DHCP has given to machines on Ethernet, and has not ended."""
        with self._network() as network:
            return tuple(_lease(each) for each in network.DHCPLeases() if _is_of_ethernet(each))

    def switch_off(self, journal: Journal) -> None:
        """Take every range and host out of the running network and of its definition.

        Each is put back to what it was itself, by the journal.

        Raises:
            LabError: it cannot be put back as it was, libvirt refuses, or says that it still is on.
        """
        hint = f"switch it off for the time of the run: virsh -c '{self.uri}' net-edit {self.name}"
        with self._network() as network:
            states = [NetworkState.LIVE, *([NetworkState.PERSISTENT] if network.isPersistent() else [])]
            switch_off_dhcp(network, self.uri, journal, states, hint)

    def dhcp_dependency(self, mac: MacAddress, addresses: Iterable[IPv4Address]) -> DhcpDependency | None:
        """Whether a machine has an address, and with it router and DNS, from this network's DHCP.

        Args:
            mac: the machine's.
            addresses: what it is known to have; may be none.
        """
        return dhcp_dependency(self.name, self.xml(), self.leases(), mac, addresses)

    @contextmanager
    def _network(self) -> Iterator[Any]:
        with connected(self.uri) as connection:
            yield connection.networkLookupByUUIDString(self.uuid)


def find_owner(
    uri: str, *, bridge: str | None = None, address: IPv4Address | None = None
) -> NetworkOwner | None:
    """The active network whose bridge it is; without a bridge, the one that ``address`` belongs to.

    None where no network of libvirt's is it. A network that only borrows a bridge of the host's
    (forward mode bridge) does not own it.

    Args:
        uri: libvirt's; of another host, where the segment is its, and here is a network card on it.
        bridge: this host's.
        address: one of the segment.

    Raises:
        LibvirtUnreachable: libvirt does not answer, or refuses.
    """

    def is_it(xml: str) -> bool:
        if bridge is not None:
            return owned_bridge(xml) == bridge
        own = address_of(xml)
        return own is not None and address is not None and address in own.network

    with connected(uri) as connection:
        try:
            networks = connection.listAllNetworks(libvirt.VIR_CONNECT_LIST_NETWORKS_ACTIVE)
        except libvirt.libvirtError as error:
            problem, hint = f"does not tell its networks ({error})", "be in group libvirt"
            raise LibvirtUnreachable(f"libvirt {uri}", problem, hint) from error
        owners = [each for each in networks if is_it(network_xml(each, NetworkState.LIVE))]
        return NetworkOwner.of(owners[0], uri) if owners else None


def _is_of_ethernet(lease: dict[str, Any]) -> bool:
    return lease["type"] == libvirt.VIR_IP_ADDR_TYPE_IPV4 and bool(lease.get("mac"))


def _lease(lease: dict[str, Any]) -> LibvirtLease:
    ends = int(lease["expirytime"])
    return LibvirtLease(
        mac=MacAddress.parse(str(lease["mac"])),
        address=IPv4Address(lease["ipaddr"]),
        hostname=lease.get("hostname") or None,
        expires=datetime.fromtimestamp(ends, UTC) if ends else None,
    )
