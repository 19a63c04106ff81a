"""libvirt's own DHCP on a bridge, switched off for the time of a lab.

A second server there would answer edge nodes beside the one under test. What is taken out of
the network stands in the journal before it is, and what libvirt says is read again afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import libvirt

from edgeboot.base.errors import LabError
from edgeboot.machine.journal import Journal
from edgeboot.machine.libvirt.dhcp import NetworkState, RemovedDhcp, network_xml
from edgeboot.machine.libvirt.xml import dhcp_of, one_line, served, unrestorable_element


def switch_off_dhcp(
    network: Any, uri: str, journal: Journal, states: Iterable[NetworkState], hint: str
) -> bool:
    """Take every range and host out of a network; the journal puts them back.

    Args:
        network: libvirt's.
        uri: by which libvirt is asked to put them back.
        journal: what is taken out stands there before it is.
        states: the descriptions that are changed, each put back to what it was itself.
        hint: what the reader may do where its DHCP stays.

    Returns whether there was anything to switch off.

    Raises:
        LabError: its DHCP could not be put back as it was, so it is left on; or it is on still.
    """
    found = {state: network_xml(network, state) for state in states}
    for xml in found.values():
        fixed = unrestorable_element(xml)
        if fixed is not None:
            raise _serves(network, f"with {fixed}, which libvirt cannot switch off and on again", hint)
    for state, xml in found.items():
        for index, elements in dhcp_of(xml):
            content = tuple(map(one_line, elements))
            taken = RemovedDhcp(uri, network.name(), network.UUIDString(), state, index, content)
            _take_out(network, taken, journal, hint)
    left = [f"{each} ({state.value})" for state in found for each in served(network_xml(network, state))]
    if left:
        raise _serves(network, f"after libvirt has switched it off: {', '.join(left)}", hint)
    return any(map(dhcp_of, found.values()))


def _take_out(network: Any, taken: RemovedDhcp, journal: Journal, hint: str) -> None:
    journal.about_to_make(taken)
    try:
        taken.take_out(network)
    except libvirt.libvirtError as error:
        journal.remove(taken)
        raise _serves(network, f"and cannot be told not to ({error})", hint) from error


def _serves(network: Any, what: str, hint: str) -> LabError:
    beside = f"serves DHCP itself on {network.bridgeName()}, beside the server under test, {what}"
    return LabError(f"libvirt network {network.name()}", beside, hint)
