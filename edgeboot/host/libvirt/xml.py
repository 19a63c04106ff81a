"""Parses the XML of a libvirt network. The XML comes from libvirt, so it is well-formed."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface
from typing import Final
from xml.etree import ElementTree as ET

_DNSMASQ: Final = "{http://libvirt.org/schemas/network/dnsmasq/1.0}"
_UPDATABLE: Final = {"range", "host"}
"""Elements of <dhcp> that libvirt's update can add and delete."""
_ROUTED: Final = {"nat", "route", "open"}
"""Forward modes in which libvirt's dnsmasq sends itself as router."""


def dhcp_of(xml: str) -> list[tuple[int, list[ET.Element]]]:
    """The elements of each non-empty <dhcp> of an IPv4 address, with the index of its <ip>."""
    addresses = ET.fromstring(xml).findall("ip")  # noqa: S314 - libvirt's own words
    found = [
        (index, ip.findall("dhcp/*")) for index, ip in enumerate(addresses) if ip.get("family") != "ipv6"
    ]
    return [(index, elements) for index, elements in found if elements]


def served(xml: str) -> list[str]:
    """The ranges and hosts the network's DHCP serves, as text; empty if it has no DHCP."""
    return [*(_described(element) for _, elements in dhcp_of(xml) for element in elements), *_raw(xml)]


def unrestorable_element(xml: str) -> str | None:
    """The first element of its DHCP that libvirt's update cannot delete and restore, or None."""
    tags = [element.tag for _, elements in dhcp_of(xml) for element in elements]
    fixed = [*(tag for tag in tags if tag not in _UPDATABLE), *_raw(xml)]
    return f"<{fixed[0]}>" if fixed else None


def owned_bridge(xml: str) -> str | None:
    """The bridge that libvirt created for a network; None if it created none."""
    root = ET.fromstring(xml)  # noqa: S314 - libvirt's own words
    bridge, forward = root.find("bridge"), root.find("forward")
    if bridge is None or (forward is not None and forward.get("mode") == "bridge"):
        return None
    return bridge.get("name")


def address_of(xml: str) -> IPv4Interface | None:
    """The first IPv4 address libvirt assigns to the network's bridge; None if there is none."""
    addresses = ET.fromstring(xml).findall("ip")  # noqa: S314 - libvirt's own words
    ip = next((element for element in addresses if element.get("family") != "ipv6"), None)
    if ip is None:
        return None
    return IPv4Interface(f"{ip.get('address')}/{ip.get('prefix') or ip.get('netmask')}")


def served_by_both(live: str, definition: str | None) -> tuple[str, ...]:
    """What DHCP serves by a network's live XML and its definition, as text with the source."""
    running, defined = served(live), served(definition) if definition is not None else []
    both = [text for text in running if text in defined]
    return (
        *(f"{text} (live and persistent)" for text in both),
        *(f"{text} (live)" for text in running if text not in both),
        *(f"{text} (persistent)" for text in defined if text not in both),
    )


def advertised_router_and_dns(xml: str) -> tuple[IPv4Address | None, IPv4Address | None]:
    """Router and DNS server that libvirt's DHCP sends: the bridge's own address, or None."""
    root = ET.fromstring(xml)  # noqa: S314 - libvirt's own words
    dhcp_of_addresses = dhcp_of(xml)
    if not dhcp_of_addresses:
        return None, None
    own = IPv4Address(root.findall("ip")[dhcp_of_addresses[0][0]].attrib["address"])
    forward, dns = root.find("forward"), root.find("dns")
    routed = forward is not None and forward.get("mode", "nat") in _ROUTED
    resolves = dns is None or dns.get("enable") != "no"
    return own if routed else None, own if resolves else None


def one_line(element: ET.Element) -> str:
    """An element as canonical XML in one line, equal for equal content."""
    return ET.canonicalize(ET.tostring(element, encoding="unicode"), strip_text=True)


def _described(element: ET.Element) -> str:
    if element.tag == "range":
        return f"range {element.get('start')}-{element.get('end')}"
    return " ".join([element.tag, *(element.get(name, "") for name in element.attrib)])


def _raw(xml: str) -> list[str]:
    """Ranges that the network's XML passes to dnsmasq directly (dnsmasq:option)."""
    options = ET.fromstring(xml).iterfind(f"{_DNSMASQ}options/{_DNSMASQ}option")  # noqa: S314
    values = [option.get("value", "") for option in options]
    return [f"dnsmasq:option {value}" for value in values if value.startswith("dhcp-range")]
