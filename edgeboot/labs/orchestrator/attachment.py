"""Where we stand on a real segment: a port of its bridge, or beside a network card. Never the bridge itself.

A frame sent on a bridge device reaches the bridge's ports, and not the host's own servers; what
a port hears and says is what a machine's would be. Ports live in the host's own network
namespace, so that CAP_NET_ADMIN and CAP_NET_RAW are enough, with everything of the kernel's
switched off on them: it must not answer in an edge node's place.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Address, IPv4Interface
from pathlib import Path
from typing import Any, Final

from pyroute2 import NetlinkError

from edgeboot.base.errors import LabError, UsageError
from edgeboot.base.mac import MacAddress
from edgeboot.machine import links
from edgeboot.machine.interfaces import NETWORK_DEVICES, NO_LINK, Obstacle, attribute, missing, without_link
from edgeboot.machine.journal import Journal
from edgeboot.machine.links import Link, LinkEnd, index_of, with_netlink

_LOOPBACK: Final = "772"
"""ARPHRD_LOOPBACK."""
_ETHERNET: Final = "1"
_QUIET: Final = (
    ("ipv6", "disable_ipv6", "1"),
    ("ipv4", "forwarding", "0"),
    ("ipv4", "arp_ignore", "8"),
    ("ipv4", "rp_filter", "1"),
)
"""ip-sysctl: no neighbour discovery, no forwarding of what is said to edge nodes, no answers to ARP."""
_NO_ARP: Final = 1 << 7
"""IFF_NOARP: where /proc/sys cannot be written, at least this."""


class AttachmentKind(Enum):
    """What the interface is, and so how a port comes to be there."""

    BRIDGE = "bridge"
    """A veth pair, one end of which becomes the bridge's port."""
    CARD = "network card"
    """A macvlan on it."""


@dataclass(frozen=True, slots=True)
class Uplink:
    """The interface as it was found."""

    interface: str
    stand: AttachmentKind
    mac: MacAddress
    addresses: tuple[IPv4Interface, ...]

    @property
    def own_addresses(self) -> frozenset[IPv4Address]:
        """This machine's own on the segment."""
        return frozenset(each.ip for each in self.addresses)


def survey(interface: str) -> Uplink:
    """Look at the interface; nothing is changed.

    Raises:
        UsageError: there is none, or it is no way to a segment.
        LabError: it is down or has no link.
    """
    option = f"--interface {interface}"
    absent = missing(interface)
    if absent is not None:
        raise UsageError(option, *absent)
    device, kind = NETWORK_DEVICES / interface, attribute(interface, "type")
    if kind == _LOOPBACK:
        raise UsageError(
            option, "is the loopback: no edge node is there", "name the segment's bridge or card"
        )
    if kind != _ETHERNET or (device / "wireless").exists():
        raise UsageError(option, "is no Ethernet", "name the segment's bridge or card")
    if (device / "brport").exists():
        bridge = (device / "brport" / "bridge").resolve().name
        raise UsageError(option, f"is a port of bridge {bridge}", f"name the bridge: --interface {bridge}")
    if with_netlink(None, lambda netlink: _has_default_route(netlink, interface)):
        raise UsageError(
            option,
            "is this machine's way to everybody else, by its default route: that is no edge segment",
            "name the interface edge nodes boot on",
        )
    stand = AttachmentKind.BRIDGE if (device / "bridge").exists() else AttachmentKind.CARD
    _check_link(interface, stand)
    return with_netlink(None, lambda netlink: _ground(netlink, interface, stand))


def _check_link(interface: str, stand: AttachmentKind) -> None:
    obstacle = without_link(interface)
    if stand is AttachmentKind.BRIDGE and (obstacle is None or obstacle.problem == NO_LINK):
        # A bridge has carrier while one of its ports has, and before it has ever had a port.
        is_empty = not any((NETWORK_DEVICES / interface / "brif").iterdir())
        hint = f"nobody is plugged in, the Orchestrator neither: see bridge link show master {interface}"
        obstacle = Obstacle(NO_LINK, hint) if is_empty or obstacle is not None else None
    if obstacle is not None:
        raise LabError(f"interface {interface}", *obstacle)


def _has_default_route(netlink: Any, interface: str) -> bool:
    index = index_of(netlink, interface)
    routes = netlink.get_routes(family=2, table=254)
    return any(route.get("oif") == index for route in routes if not route["dst_len"])


def _ground(netlink: Any, interface: str, stand: AttachmentKind) -> Uplink:
    index = index_of(netlink, interface)
    [link] = netlink.get_links(index)
    addresses = tuple(
        IPv4Interface(f"{each.get('address')}/{each['prefixlen']}")
        for each in netlink.get_addr(family=2, index=index)
    )
    return Uplink(interface, stand, MacAddress.parse(str(link.get("address"))), addresses)


class SegmentAttachment:
    """Makes ports on the ground; each is in the journal first."""

    def __init__(self, ground: Uplink, journal: Journal) -> None:
        self.ground = ground
        self._journal = journal
        self._tag = journal.run.split("-", maxsplit=1)[0]
        self._numbers = itertools.count(1)

    def make(self, mac: MacAddress) -> Link:
        """An interface with this MAC on the segment, with carrier on return.

        Raises:
            LabError: no CAP_NET_ADMIN, or it did not come up.
        """
        number = next(self._numbers)
        end = LinkEnd(None, f"eb{self._tag}n{number}")
        link = Link(end.interface)
        self._journal.about_to_make(link)
        try:
            if self.ground.stand is AttachmentKind.BRIDGE:
                port = LinkEnd(None, f"eb{self._tag}p{number}")
                links.add_veth(end, port, mac=mac, bridge=self.ground.interface, prepare=quiet)
            else:
                links.add_macvlan(end, self.ground.interface, mac=mac, prepare=quiet)
        except (NetlinkError, PermissionError) as error:
            raise LabError(
                f"a port on {self.ground.interface}",
                f"cannot be made ({error})",
                "give the run CAP_NET_ADMIN and CAP_NET_RAW (docs/operations.md)",
            ) from error
        return link

    def remove(self, link: Link) -> None:
        """Unplug a port."""
        self._journal.remove(link)

    def plug_in(self, end: LinkEnd, mac: MacAddress) -> Callable[[], None]:
        """Lay a cable from the segment to another machine's namespace; returns what removes it."""
        if self.ground.stand is AttachmentKind.CARD:
            links.add_macvlan(end, self.ground.interface, mac=mac)
            return lambda: links.remove(end)
        # By its path, for the cable is laid from the other machine's namespace.
        port = LinkEnd(f"/proc/{os.getpid()}/ns/net", f"eb{self._tag}p{next(self._numbers)}")
        link = Link(port.interface)
        self._journal.about_to_make(link)
        links.add_veth(end, port, mac=mac, bridge=self.ground.interface)
        return lambda: self._journal.remove(link)


def quiet(interface: str) -> None:
    """Let the kernel neither say nor answer anything on an interface that is not up yet."""
    for family, name, value in _QUIET:
        with suppress(OSError):  # A kernel without IPv6, or a read-only /proc/sys.
            Path(f"/proc/sys/net/{family}/conf/{interface}/{name}").write_text(value, encoding="ascii")
    with_netlink(None, lambda netlink: _without_arp(netlink, interface))


def _without_arp(netlink: Any, interface: str) -> None:
    index = index_of(netlink, interface)
    netlink.link("set", index=index, flags=_NO_ARP, change=_NO_ARP)
