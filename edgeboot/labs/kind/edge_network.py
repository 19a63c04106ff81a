"""libvirt's edge network: made from manifests/libvirt/edge-network.xml, or adopted."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import libvirt

from edgeboot.base.errors import LabError
from edgeboot.host.journal import Journal
from edgeboot.host.libvirt.connection import connect
from edgeboot.host.libvirt.dhcp import NetworkState
from edgeboot.host.libvirt.network import LibvirtNetwork
from edgeboot.host.libvirt.switch_off import switch_off_dhcp
from edgeboot.host.libvirt.xml import address_of, owned_bridge
from edgeboot.spec.manifests.network import EDGE_NETWORK, EdgeNetwork, load_edge_network

_BRIDGES: Final = Path("/sys/class/net")


class EdgeNetworkOwner:
    """Owns the bridge while a lab is up.

    Of an adopted network only the DHCP is changed: it is off while the lab is up.
    """

    def __init__(self, uri: str, journal: Journal, path: Path = EDGE_NETWORK) -> None:
        self.network: EdgeNetwork = load_edge_network(path)
        self.adopted = False
        self.remark: str | None = None
        """For the report: what was changed."""
        self._path = path
        self.uri = uri
        self._journal = journal
        self._made = LibvirtNetwork(self.network.name, uri)

    def up(self) -> None:
        """Create the network, or adopt one that is the same but for its DHCP; its bridge exists on return.

        Raises:
            LabError: libvirt refuses, the bridge or the name is another network's, or its DHCP stays on.
        """
        connection = connect(self.uri)
        try:
            owner = self._owner(connection)
            if owner is not None:
                self.adopt(owner)
                return
            if (_BRIDGES / self.network.bridge).exists():
                raise LabError(
                    f"bridge {self.network.bridge}",
                    "exists and belongs to no libvirt network",
                    f"remove it (ip link del {self.network.bridge}), or name another in {self._path.name}",
                )
            self._journal.about_to_make(self._made)
            connection.networkCreateXML(self._path.read_text(encoding="utf-8"))
        except libvirt.libvirtError as error:
            raise LabError(
                f"libvirt network {self.network.name}", str(error), "see libvirtd's log"
            ) from error
        finally:
            connection.close()

    def down(self) -> None:
        """Remove the network, unless it was there before."""
        if not self.adopted:
            self._journal.remove(self._made)

    def _owner(self, connection: Any) -> Any | None:
        for network in connection.listAllNetworks(libvirt.VIR_CONNECT_LIST_NETWORKS_ACTIVE):
            # Not bridgeName(): it is an error to ask a network that has none.
            if self.network.bridge == owned_bridge(network.XMLDesc()) or self.network.name == network.name():
                return network
        return None

    def adopt(self, owner: Any) -> None:
        """Use an existing network, and switch its DHCP off.

        Raises:
            LabError: its bridge or address differ from the manifest's, or its DHCP stays on.
        """
        address, bridge = address_of(owner.XMLDesc()), owner.bridgeName()
        if (bridge, address) != (self.network.bridge, self.network.address):
            raise LabError(
                f"libvirt network {owner.name()}",
                f"has bridge {bridge} with {address}, not {self.network.bridge} with {self.network.address}",
                f"virsh net-destroy {owner.name()}, or name another bridge in {self._path.name}",
            )
        hint = f"virsh net-destroy {owner.name()}; the lab makes one without DHCP"
        was_on = switch_off_dhcp(owner, self.uri, self._journal, [NetworkState.LIVE], hint)
        self.adopted = True
        self.remark = f"libvirt network {owner.name()} adopted"
        if was_on:
            self.remark += ", its DHCP switched off as long as this lab is up"
