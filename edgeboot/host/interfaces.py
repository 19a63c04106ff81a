"""This machine's network interfaces as sysfs shows them; nothing is opened or changed."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

NETWORK_DEVICES = Path("/sys/class/net")
NO_LINK: Final = "has no link"
_IFF_UP: Final = 0x1
_ETHERNET: Final = "1"
_LOOPBACK: Final = "772"
"""ARPHRD_ETHER and ARPHRD_LOOPBACK."""


class Obstacle(NamedTuple):
    """Why an interface cannot be used, and what to do about it."""

    problem: str
    hint: str


def missing(interface: str) -> Obstacle | None:
    """The problem if this machine has no interface of that name; else None."""
    names = sorted(each.name for each in NETWORK_DEVICES.iterdir() if each.is_dir())
    return None if interface in names else Obstacle("no such interface", f"choose from {', '.join(names)}")


def not_ethernet(interface: str) -> Obstacle | None:
    """The problem if an existing interface has no Ethernet segment behind it; else None."""
    hardware_type = attribute(interface, "type")
    if hardware_type == _LOOPBACK:
        return Obstacle("is the loopback interface", "name an interface on the segment")
    if hardware_type != _ETHERNET:
        return Obstacle("is not Ethernet", "name an interface on the segment")
    return None


def without_link(interface: str) -> Obstacle | None:
    """The problem if an existing interface is down or has no carrier; else None."""
    if not int(attribute(interface, "flags"), 16) & _IFF_UP:
        return Obstacle("is down", f"ip link set {interface} up")
    if attribute(interface, "carrier") != "1":
        return Obstacle(NO_LINK, "plug in its cable, or look at the switch")
    return None


def attribute(interface: str, name: str) -> str:
    """An attribute below /sys/class/net, such as ``type``; empty if it cannot be read."""
    try:
        return (NETWORK_DEVICES / interface / name).read_text(encoding="ascii").strip()
    except OSError:  # For example the carrier of an interface that is down.
        return ""
