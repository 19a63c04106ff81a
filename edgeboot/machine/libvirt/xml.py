"""What the XML of a libvirt network says; in libvirt's words, so it is well-formed."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface
from typing import Final
from xml.etree import ElementTree as ET

_DNSMASQ: Final = "{http://libvirt.org/schemas/network/dnsmasq/1.0}"
_UPDATABLE: Final = {"range", "host"}
"""What libvirt's update adds and takes out again."""
_ROUTED: Final = {"nat", "route", "open"}
"""Forward modes in which libvirt's dnsmasq names a router: itself."""


def dhcp_of(xml: str) -> list[tuple[int, list[ET.Element]]]:
    """The content of <dhcp> of each IPv4 address that has one, with the number of its <ip>."""
    addresses = ET.fromstring(xml).findall("ip")  # noqa: S314 - libvirt's own words
    each = [(index, ip.findall("dhcp/*")) for index, ip in enumerate(addresses) if ip.get("family") != "ipv6"]
    return [(index, elements) for index, elements in each if elements]


def served(xml: str) -> list[str]:
    """What the network's DHCP gives, in a few words each; empty where it has none."""
    return [*(_told(each) for _, elements in dhcp_of(xml) for each in elements), *_raw(xml)]


def not_to_be_put_back(xml: str) -> str | None:
    """Something of its DHCP that update cannot switch off and on again, as the XML calls it."""
    fixed = [each.tag for _, elements in dhcp_of(xml) for each in elements if each.tag not in _UPDATABLE]
    return next((f"<{each}>" for each in [*fixed, *_raw(xml)]), None)


def owned_bridge(xml: str) -> str | None:
    """The bridge that libvirt has made for a network; None where it has made none."""
    root = ET.fromstring(xml)  # noqa: S314 - libvirt's own words
    bridge, forward = root.find("bridge"), root.find("forward")
    if bridge is None or (forward is not None and forward.get("mode") == "bridge"):
        return None
    return bridge.get("name")


def address_of(xml: str) -> IPv4Interface | None:
    """The first IPv4 address that libvirt gives the network's bridge."""
    addresses = ET.fromstring(xml).findall("ip")  # noqa: S314 - libvirt's own words
    ip = next((each for each in addresses if each.get("family") != "ipv6"), None)
    if ip is None:
        return None
    return IPv4Interface(f"{ip.get('address')}/{ip.get('prefix') or ip.get('netmask')}")


def offers(live: str, definition: str | None) -> tuple[str, ...]:
    """What DHCP gives by two descriptions of a network, each with where it stands."""
    running, defined = served(live), served(definition) if definition is not None else []
    both = [each for each in running if each in defined]
    return (
        *(f"{each} (live and persistent)" for each in both),
        *(f"{each} (live)" for each in running if each not in both),
        *(f"{each} (persistent)" for each in defined if each not in both),
    )


def gives(xml: str) -> tuple[IPv4Address | None, IPv4Address | None]:
    """The router and the name server that libvirt's DHCP names: the bridge itself, or none."""
    root = ET.fromstring(xml)  # noqa: S314 - libvirt's own words
    serving = dhcp_of(xml)
    if not serving:
        return None, None
    own = IPv4Address(root.findall("ip")[serving[0][0]].attrib["address"])
    forward, dns = root.find("forward"), root.find("dns")
    routed = forward is not None and forward.get("mode", "nat") in _ROUTED
    resolves = dns is None or dns.get("enable") != "no"
    return own if routed else None, own if resolves else None


def one_line(element: ET.Element) -> str:
    """An element in one line, always the same for the same content."""
    return ET.canonicalize(ET.tostring(element, encoding="unicode"), strip_text=True)


def _told(element: ET.Element) -> str:
    if element.tag == "range":
        return f"range {element.get('start')}-{element.get('end')}"
    return " ".join([element.tag, *(element.get(name, "") for name in element.attrib)])


def _raw(xml: str) -> list[str]:
    """Ranges that the network's owner has told dnsmasq of, past libvirt."""
    options = ET.fromstring(xml).iterfind(f"{_DNSMASQ}options/{_DNSMASQ}option")  # noqa: S314
    values = [each.get("value", "") for each in options]
    return [f"dnsmasq:option {value}" for value in values if value.startswith("dhcp-range")]
