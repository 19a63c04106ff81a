"""libvirt's own DHCP on a bridge, switched off while a lab is up.

Its server would answer edge nodes in addition to the one under test. Each element is journalled
before it is deleted from the network, and the network is read again afterwards as proof.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import libvirt

from edgeboot.base.errors import LabError
from edgeboot.host.journal import Journal
from edgeboot.host.libvirt.dhcp import NetworkState, RemovedDhcp, network_xml
from edgeboot.host.libvirt.xml import dhcp_of, one_line, served, unrestorable_element


def switch_off_dhcp(
    network: Any, uri: str, journal: Journal, states: Iterable[NetworkState], hint: str
) -> bool:
    """Delete every range and host from a network; undoing the journal puts them back.

    Args:
        network: libvirt's object.
        uri: the libvirt connection through which they are put back.
        journal: records what is deleted, before it is.
        states: the descriptions to change; each is restored separately.
        hint: what the user can do if DHCP stays on.

    Returns whether there was anything to switch off.

    Raises:
        LabError: its DHCP could not be restored later, so it is left on; or it is still on.
    """
    descriptions = {state: network_xml(network, state) for state in states}
    for xml in descriptions.values():
        fixed = unrestorable_element(xml)
        if fixed is not None:
            raise _serves(network, f"with {fixed}, which libvirt cannot switch off and on again", hint)
    for state, xml in descriptions.items():
        for index, elements in dhcp_of(xml):
            content = tuple(map(one_line, elements))
            removed = RemovedDhcp(uri, network.name(), network.UUIDString(), state, index, content)
            _delete(network, removed, journal, hint)
    left = [
        f"{offer} ({state.value})" for state in descriptions for offer in served(network_xml(network, state))
    ]
    if left:
        raise _serves(network, f"after libvirt has switched it off: {', '.join(left)}", hint)
    return any(map(dhcp_of, descriptions.values()))


def _delete(network: Any, removed: RemovedDhcp, journal: Journal, hint: str) -> None:
    journal.about_to_make(removed)
    try:
        removed.delete_from(network)
    except libvirt.libvirtError as error:
        journal.remove(removed)
        raise _serves(network, f"and it cannot be switched off ({error})", hint) from error


def _serves(network: Any, what: str, hint: str) -> LabError:
    beside = f"serves DHCP itself on {network.bridgeName()}, beside the server under test, {what}"
    return LabError(f"libvirt network {network.name()}", beside, hint)
