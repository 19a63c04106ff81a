"""What libvirt's XML says of a virtual machine, and the same with the network first in its boot order."""

from __future__ import annotations

from pathlib import PurePosixPath
from xml.etree import ElementTree as ET

from edgeboot.base.mac import MacAddress


def has_interface(xml: str, mac: MacAddress) -> bool:
    """Whether it has a network card of this address."""
    return _interface(ET.fromstring(xml), mac) is not None  # noqa: S314 - libvirt's own words


def plug_of(xml: str, mac: MacAddress) -> str | None:
    """The bridge, network or device that the card of this address is plugged into; None without one."""
    card = _interface(ET.fromstring(xml), mac)  # noqa: S314 - libvirt's own words
    source = None if card is None else card.find("source")
    if source is None:
        return None
    return next((place for key in ("bridge", "network", "dev") if (place := source.get(key))), None)


def has_console(xml: str) -> bool:
    """Whether it has a serial console that libvirt can open."""
    return ET.fromstring(xml).find("devices/console") is not None  # noqa: S314 - libvirt's own words


def has_screen(xml: str) -> bool:
    """Whether it has a graphics card, whose picture libvirt can take."""
    cards = ET.fromstring(xml).findall("devices/video/model")  # noqa: S314 - libvirt's own words
    return any(card.get("type") != "none" for card in cards)


def firmware_of(xml: str) -> str:
    """The file of its firmware; what kind it is where libvirt chooses the file."""
    os = ET.fromstring(xml).find("os")  # noqa: S314 - libvirt's own words
    loader = None if os is None else os.findtext("loader")
    if loader:
        return PurePosixPath(loader).name
    return "UEFI of libvirt's choice" if os is not None and os.get("firmware") == "efi" else "BIOS"


def booting_from_network(xml: str, mac: MacAddress) -> str:
    """The same machine, which starts from the card of this address and from nothing else.

    Raises:
        ValueError: it has no such card.
    """
    root = ET.fromstring(xml)  # noqa: S314 - libvirt's own words
    card = _interface(root, mac)
    if card is None:
        raise ValueError(f"has no interface with {mac}")
    # libvirt refuses an order of devices beside one of kinds of devices.
    for parent in (*root.findall("os"), *root.findall("devices/*")):
        for boot in parent.findall("boot"):
            parent.remove(boot)
    card.append(ET.Element("boot", order="1"))
    return ET.tostring(root, encoding="unicode")


def _interface(root: ET.Element, mac: MacAddress) -> ET.Element | None:
    for card in root.findall("devices/interface"):
        address = card.find("mac")
        if address is not None and (address.get("address") or "").lower() == str(mac):
            return card
    return None
