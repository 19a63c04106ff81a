"""libvirt's own DHCP on a bridge, switched off for the time of a lab.

A second server there would answer edge nodes beside the one under test. Elements are taken out
of the network by libvirt's own update, and what is taken out stands in the journal before it
is: of the running network for the kind lab, of its definition, too, on a real site.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from xml.etree import ElementTree as ET

import libvirt

from edgeboot.errors import LabError
from edgeboot.journal import Journal
from edgeboot.undo import Kind, Made, NetworkState, libvirt_network_xml, libvirt_xml, update_libvirt_dhcp

_UPDATABLE: Final = {"range", "host"}
"""What libvirt adds to a running network and takes out again; a <bootp> it would lose."""


def switch_off_dhcp(
    network: Any, uri: str, journal: Journal, states: Iterable[NetworkState] = (NetworkState.LIVE,)
) -> bool:
    """Take every range and host out of a network; the journal puts them back.

    Returns whether there was anything to switch off.

    Raises:
        LabError: its DHCP could not be put back as it was, so it is left on.
    """
    found = [(state, *each) for state in states for each in _elements(libvirt_network_xml(network, state))]
    for _, _, elements in found:
        fixed = sorted({each.tag for each in elements} - _UPDATABLE)
        if fixed:
            raise _serves(network, f"with <{fixed[0]}>, which libvirt cannot switch off and on again")
    for state, index, elements in found:
        _switch_off(network, uri, index, elements, state, journal)
    return bool(found)


def served(xml: str) -> list[str]:
    """What the DHCP of a network gives, in a few words each."""
    return [_told(each) for _, elements in _elements(xml) for each in elements]


def _elements(xml: str) -> list[tuple[int, list[ET.Element]]]:
    """The content of <dhcp> of each address of IPv4 that has one, with the number of the address."""
    addresses = ET.fromstring(xml).findall("ip")  # noqa: S314 - libvirt's own words
    each = [(index, ip.findall("dhcp/*")) for index, ip in enumerate(addresses) if ip.get("family") != "ipv6"]
    return [(index, elements) for index, elements in each if elements]


def _told(element: ET.Element) -> str:
    if element.tag == "range":
        return f"range {element.get('start')}-{element.get('end')}"
    named = " ".join(str(value) for name, value in sorted(element.attrib.items()))
    return f"{element.tag} {named}".strip()


def _switch_off(
    network: Any, uri: str, index: int, elements: list[ET.Element], state: NetworkState, journal: Journal
) -> None:
    off = ET.Element("network", name=network.name(), uri=uri, ip=str(index), state=state.value)
    off.extend(elements)
    made = Made(Kind.LIBVIRT_DHCP, libvirt_xml(off))
    journal.about_to_make(made)
    try:
        for element in reversed(elements):
            update_libvirt_dhcp(network, "DELETE", index, element, state)
    except libvirt.libvirtError as error:
        journal.remove(made)
        raise _serves(network, f"and cannot be told not to ({error})") from error


def _serves(network: Any, what: str) -> LabError:
    return LabError(
        f"libvirt network {network.name()}",
        f"serves DHCP itself on {network.bridgeName()}, beside the server under test, {what}",
        f"virsh net-destroy {network.name()}; the lab makes one without DHCP",
    )
