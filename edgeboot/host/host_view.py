"""A look at the network of the host that a server runs on: packet filter, sockets, interfaces."""

from __future__ import annotations

import re
import socket
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface
from pathlib import Path
from typing import Any, Final, TypeVar

from edgeboot.host.links import with_netlink
from edgeboot.host.namespace import in_namespace
from edgeboot.host.packet_filter.reading import read_packet_filter
from edgeboot.host.packet_filter.ruleset import Chain

T = TypeVar("T")

_SOCKET: Final = re.compile(
    r"^\s*\d+: ([0-9A-F]{8}):([0-9A-F]{4}) \S+ \S+ [0-9A-F]{8}:([0-9A-F]{8}) ", re.MULTILINE
)
"""A line of /proc/net/udp (proc(5)): local address in the machine's byte order, port, receive queue."""

_MAIN_TABLE: Final = 254
_ANY: Final = IPv4Address(0)
"""Of the default route."""
_IFF_UP: Final = 1
"""netdevice(7)."""


@dataclass(frozen=True, slots=True)
class UdpSocket:
    """A bound UDP socket."""

    address: IPv4Address
    port: int
    unread: int
    """Octets that have arrived and are not read yet."""

    def __str__(self) -> str:
        return f"{self.address}:{self.port}"


@dataclass(frozen=True, slots=True)
class HostInterface:
    """An interface with its IPv4 addresses, in the kernel's order."""

    name: str
    addresses: tuple[IPv4Interface, ...]
    bridge: str | None = None
    """The bridge, or bond, that it is a port of."""
    is_up: bool = True
    """Whether somebody has switched it on (IFF_UP)."""
    mtu: int | None = None
    """In octets; None if it is not known."""

    def __str__(self) -> str:
        return f"{self.name} ({', '.join(map(str, self.addresses)) or 'no IPv4 address'})"


@dataclass(frozen=True, slots=True)
class HostView:
    """One host's network namespace; reading changes nothing."""

    namespace: str | None
    """Its name, or a path such as ``/proc/PID/ns/net``; None for this process's own: no right is needed."""
    interface: str
    """Its interface on the edge segment."""

    def packet_filter(self) -> tuple[Chain, ...] | None:
        """Its chains; None where nothing on this machine can list them."""
        return self._in_it(read_packet_filter)

    def udp_sockets(self) -> tuple[UdpSocket, ...]:
        """Every bound UDP socket."""
        return parse_sockets(self._in_it(_proc_net_udp))

    def routes(self) -> tuple[str, ...]:
        """Its IPv4 routes of the main table, as ip(8) words them."""
        return with_netlink(self.namespace, _routes)

    def interfaces(self) -> tuple[HostInterface, ...]:
        """Every interface."""
        return with_netlink(self.namespace, _interfaces)

    def _in_it(self, act: Callable[[], T]) -> T:
        return act() if self.namespace is None else in_namespace(self.namespace, act)

    @property
    def own(self) -> HostInterface | None:
        """Its interface on the segment; None if there is none of that name."""
        return next((each for each in self.interfaces() if each.name == self.interface), None)

    def own_addresses(self) -> tuple[IPv4Address, ...]:
        """The addresses of its interface on the segment, or of the bridge that this is a port of."""
        known = {each.name: each for each in self.interfaces()}
        own = known.get(self.interface)
        bridge = known.get(own.bridge or "") if own is not None else None
        return tuple(address.ip for each in (own, bridge) if each is not None for address in each.addresses)


def parse_sockets(text: str) -> tuple[UdpSocket, ...]:
    """The sockets in the text of /proc/net/udp."""
    return tuple(
        UdpSocket(IPv4Address(socket.htonl(int(address, 16))), int(port, 16), int(unread, 16))
        for address, port, unread in _SOCKET.findall(text)
    )


def _routes(netlink: Any) -> tuple[str, ...]:
    names = {link["index"]: str(link.get_attr("IFLA_IFNAME")) for link in netlink.get_links()}
    return tuple(
        " ".join(
            (
                f"{each.get_attr('RTA_DST') or _ANY}/{each['dst_len']}",
                *((f"via {router}",) if (router := each.get_attr("RTA_GATEWAY")) else ()),
                f"dev {names.get(each.get_attr('RTA_OIF'), 'none')}",
            )
        )
        for each in netlink.get_routes(family=socket.AF_INET, table=_MAIN_TABLE)
    )


def _proc_net_udp() -> str:
    return Path("/proc/thread-self/net/udp").read_text(encoding="ascii")


def _interfaces(netlink: Any) -> tuple[HostInterface, ...]:
    addresses = defaultdict[int, list[IPv4Interface]](list)
    for each in netlink.get_addr(family=socket.AF_INET):
        text = f"{each.get_attr('IFA_LOCAL') or each.get_attr('IFA_ADDRESS')}/{each['prefixlen']}"
        addresses[each["index"]].append(IPv4Interface(text))
    links = {link["index"]: link for link in netlink.get_links()}
    names = {index: str(link.get_attr("IFLA_IFNAME")) for index, link in links.items()}
    return tuple(
        HostInterface(
            names[index],
            tuple(addresses[index]),
            names.get(link.get_attr("IFLA_MASTER")),
            bool(link["flags"] & _IFF_UP),
            link.get_attr("IFLA_MTU"),
        )
        for index, link in links.items()
    )
