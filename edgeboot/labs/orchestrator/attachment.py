"""How virtual ports attach to a site's segment: a veth port of its bridge, or a macvlan on a network card.

The bridge device itself is never used: a frame sent on it reaches the bridge's ports, but not the
servers of this host. A port sends and receives what a machine's interface would. Ports are in this
host's own network namespace, so that CAP_NET_ADMIN and CAP_NET_RAW suffice; the kernel's own
protocols are switched off on them, so that it does not answer in an edge node's place.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Address, IPv4Interface
from typing import Any, Final

from pyroute2 import NetlinkError

from edgeboot.base.errors import LabError, UsageError
from edgeboot.base.mac import MacAddress
from edgeboot.host import links
from edgeboot.host.interfaces import NETWORK_DEVICES, NO_LINK, Obstacle, attribute, missing, without_link
from edgeboot.host.journal import Journal
from edgeboot.host.links import Link, LinkEnd, index_of, with_netlink
from edgeboot.host.silent_interface import silence

_LOOPBACK: Final = "772"
"""ARPHRD_LOOPBACK."""
_ETHERNET: Final = "1"


class AttachmentKind(Enum):
    """What the site's interface is; it decides how a port is attached."""

    BRIDGE = "bridge"
    """A veth pair, one end of which becomes the bridge's port."""
    CARD = "network card"
    """A macvlan on it."""


@dataclass(frozen=True, slots=True)
class Uplink:
    """The site's interface, and its addresses on this machine."""

    interface: str
    kind: AttachmentKind
    mac: MacAddress
    addresses: tuple[IPv4Interface, ...]

    @property
    def own_addresses(self) -> frozenset[IPv4Address]:
        """This machine's own IPv4 addresses on the segment."""
        return frozenset(each.ip for each in self.addresses)


def inspect_uplink(interface: str) -> Uplink:
    """Inspect the interface; nothing is changed.

    Raises:
        UsageError: it does not exist, or leads to no edge segment.
        LabError: it is down or has no link.
    """
    option = f"--interface {interface}"
    absent = missing(interface)
    if absent is not None:
        raise UsageError(option, *absent)
    device, hardware_type = NETWORK_DEVICES / interface, attribute(interface, "type")
    if hardware_type == _LOOPBACK:
        raise UsageError(option, "is the loopback interface", "name the segment's bridge or network card")
    if hardware_type != _ETHERNET or (device / "wireless").exists():
        raise UsageError(option, "is not Ethernet", "name the segment's bridge or network card")
    if (device / "brport").exists():
        bridge = (device / "brport" / "bridge").resolve().name
        raise UsageError(option, f"is a port of bridge {bridge}", f"name the bridge: --interface {bridge}")
    if with_netlink(None, lambda netlink: _has_default_route(netlink, interface)):
        raise UsageError(
            option,
            "has this machine's default route: it leads to other networks, not to an edge segment",
            "name the interface edge nodes boot on",
        )
    kind = AttachmentKind.BRIDGE if (device / "bridge").exists() else AttachmentKind.CARD
    _check_link(interface, kind)
    return with_netlink(None, lambda netlink: _uplink(netlink, interface, kind))


def _check_link(interface: str, kind: AttachmentKind) -> None:
    obstacle = without_link(interface)
    if kind is AttachmentKind.BRIDGE and (obstacle is None or obstacle.problem == NO_LINK):
        # A bridge has carrier while one of its ports has, and before it has ever had a port.
        is_empty = not any((NETWORK_DEVICES / interface / "brif").iterdir())
        hint = f"no machine is attached, not even the Orchestrator: see bridge link show master {interface}"
        obstacle = Obstacle(NO_LINK, hint) if is_empty or obstacle is not None else None
    if obstacle is not None:
        raise LabError(f"interface {interface}", *obstacle)


def _has_default_route(netlink: Any, interface: str) -> bool:
    index = index_of(netlink, interface)
    routes = netlink.get_routes(family=2, table=254)
    return any(route.get("oif") == index for route in routes if not route["dst_len"])


def _uplink(netlink: Any, interface: str, kind: AttachmentKind) -> Uplink:
    index = index_of(netlink, interface)
    [link] = netlink.get_links(index)
    addresses = tuple(
        IPv4Interface(f"{each.get('address')}/{each['prefixlen']}")
        for each in netlink.get_addr(family=2, index=index)
    )
    return Uplink(interface, kind, MacAddress.parse(str(link.get("address"))), addresses)


class SegmentAttachment:
    """Attaches ports to the uplink; each is journalled before it is made."""

    def __init__(self, uplink: Uplink, journal: Journal) -> None:
        self.uplink = uplink
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
            if self.uplink.kind is AttachmentKind.BRIDGE:
                port = LinkEnd(None, f"eb{self._tag}p{number}")
                links.add_veth(end, port, mac=mac, bridge=self.uplink.interface, prepare=silence)
            else:
                links.add_macvlan(end, self.uplink.interface, mac=mac, prepare=silence)
        except (NetlinkError, PermissionError) as error:
            raise LabError(
                f"a port on {self.uplink.interface}",
                f"cannot be made ({error})",
                "give the run CAP_NET_ADMIN and CAP_NET_RAW (docs/operations.md)",
            ) from error
        return link

    def remove(self, link: Link) -> None:
        """Unplug a port."""
        self._journal.remove(link)

    def end_for_many(self, mac: MacAddress) -> tuple[LinkEnd, Callable[[], None]]:
        """An interface on which frames to every address arrive, in this process's network; what removes it.

        On a bridge it is a port with this MAC; on a card the card itself, for a macvlan is given no frame to
        another address than its own.
        """
        if self.uplink.kind is AttachmentKind.CARD:
            return LinkEnd(None, self.uplink.interface), lambda: None
        link = self.make(mac)
        return LinkEnd(None, link.name), lambda: self.remove(link)

    def plug_in(self, end: LinkEnd, mac: MacAddress) -> Callable[[], None]:
        """Lay a cable from the segment to another machine's namespace; returns what removes it."""
        if self.uplink.kind is AttachmentKind.CARD:
            links.add_macvlan(end, self.uplink.interface, mac=mac)
            return lambda: links.remove(end)
        # Named by its path: the veth pair is made in the other machine's namespace.
        port = LinkEnd(f"/proc/{os.getpid()}/ns/net", f"eb{self._tag}p{next(self._numbers)}")
        link = Link(port.interface)
        self._journal.about_to_make(link)
        links.add_veth(end, port, mac=mac, bridge=self.uplink.interface)
        return lambda: self._journal.remove(link)
