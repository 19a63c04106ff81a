"""libvirt's own DHCP on the edge bridge, switched off for the time of a lab.

A second server there would answer edge nodes beside the one under test. Only the running
network is changed, by libvirt's live update; its definition is not, and what is taken out
of it stands in the journal before it is.
"""

from __future__ import annotations

from typing import Any, Final
from xml.etree import ElementTree as ET

import libvirt

from edgeboot.errors import LabError
from edgeboot.journal import Journal
from edgeboot.undo import Kind, Made, libvirt_xml, update_libvirt_dhcp

_UPDATABLE: Final = {"range", "host"}
"""What libvirt adds to a running network and takes out again; a <bootp> it would lose."""


def switch_off_dhcp(network: Any, uri: str, journal: Journal) -> bool:
    """Take every range and host out of a running network; the journal puts them back.

    Returns whether there was anything to switch off.

    Raises:
        LabError: its DHCP could not be put back as it was, so it is left on.
    """
    addresses = ET.fromstring(network.XMLDesc()).findall("ip")  # noqa: S314 - libvirt's own words
    was_on = False
    for index, address in enumerate(addresses):
        elements = address.findall("dhcp/*")
        if not elements or address.get("family") == "ipv6":
            continue
        fixed = sorted({each.tag for each in elements} - _UPDATABLE)
        if fixed:
            raise _serves(network, f"with <{fixed[0]}>, which libvirt cannot switch off and on again")
        _switch_off(network, uri, index, elements, journal)
        was_on = True
    return was_on


def _switch_off(network: Any, uri: str, index: int, elements: list[ET.Element], journal: Journal) -> None:
    off = ET.Element("network", name=network.name(), uri=uri, ip=str(index))
    off.extend(elements)
    made = Made(Kind.LIBVIRT_DHCP, libvirt_xml(off))
    journal.about_to_make(made)
    try:
        for element in reversed(elements):
            update_libvirt_dhcp(network, "DELETE", index, element)
    except libvirt.libvirtError as error:
        journal.remove(made)
        raise _serves(network, f"and cannot be told not to ({error})") from error


def _serves(network: Any, what: str) -> LabError:
    return LabError(
        f"libvirt network {network.name()}",
        f"serves DHCP itself on {network.bridgeName()}, beside the server under test, {what}",
        f"virsh net-destroy {network.name()}; the lab makes one without DHCP",
    )
