"""Which machines of a site the kind lab has a place for: domains of its libvirt, on its bridge."""

from __future__ import annotations

from edgeboot.base.errors import LabError
from edgeboot.host.libvirt.connection import connected
from edgeboot.labs.kind.options import KindOptions
from edgeboot.machines.inventory import MachineEntry
from edgeboot.machines.libvirt_domain.definition import plug_of
from edgeboot.machines.libvirt_domain.entry import LibvirtEntry
from edgeboot.spec.manifests.network import load_edge_network


def no_place_for(entry: MachineEntry, options: KindOptions) -> str | None:
    """Why a machine cannot be on the lab's bridge; None where it is.

    Raises:
        LabError: its libvirt does not say.
    """
    network = load_edge_network()
    if not isinstance(entry, LibvirtEntry):
        return f"only domains of its libvirt (kind libvirt) are on {network.bridge}"
    if entry.uri != options.libvirt_uri:
        return f"{network.bridge} is of {options.libvirt_uri}, and the machine of {entry.uri}"
    try:
        with connected(entry.uri) as connection:
            plug = plug_of(connection.lookupByName(entry.domain_name).XMLDesc(), entry.mac)
    except LabError as error:
        raise LabError(
            f"machine {entry.name}", error.problem, f"see virsh -c '{entry.uri}' list --all"
        ) from error
    if plug in {network.name, network.bridge}:
        return None
    where = f"is on {plug}" if plug else "is on no bridge"
    return f"its card {entry.mac} {where}, not on {network.bridge}"
