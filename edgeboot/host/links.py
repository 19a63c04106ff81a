"""Creates bridges, veth pairs and macvlans in network namespaces over netlink (pyroute2)."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import Any, ClassVar, TypeVar

from pyroute2 import IPRoute, NetlinkError
from pyroute2.ethtool import Ethtool

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.mac import MacAddress
from edgeboot.host.leftovers import NamedLeftover
from edgeboot.host.namespace import in_namespace

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LinkEnd:
    """A network interface: its namespace (None for the caller's own) and its name there."""

    namespace: str | None
    interface: str


class Link(NamedLeftover):
    """An interface of the caller's namespace as a leftover; a veth's other end goes with it."""

    kind: ClassVar[str] = "network interface"

    def undo(self) -> bool:
        """Remove it; False where it is not there.

        Raises:
            OSError: the kernel refuses.
        """
        try:
            return with_netlink(None, lambda netlink: _delete(netlink, self.name))
        except NetlinkError as error:
            raise OSError(error.code, str(error)) from error


def add_bridge(end: LinkEnd, address: IPv4Interface | None) -> None:
    """Create a bridge without spanning tree and forward delay, so that it forwards at once."""

    def make(netlink: Any) -> None:
        netlink.link("add", ifname=end.interface, kind="bridge", br_stp_state=0, br_forward_delay=0)
        _up(netlink, end.interface)

    with_netlink(end.namespace, make)
    if address is not None:
        add_address(end, address)


def add_veth(
    near: LinkEnd,
    far: LinkEnd,
    *,
    mac: MacAddress,
    bridge: str | None = None,
    prepare: Callable[[str], None] = lambda _: None,
) -> None:
    """Create a veth pair: ``near`` gets ``mac``, ``far`` becomes a port of ``bridge``, which keeps its own.

    ``prepare`` is called with the name of each end before it is set up.

    Transmit checksum offload is switched off at both ends, so that frames have the checksums
    they would have on a cable. Returns when both ends have carrier.

    Raises:
        LabError: an end did not come up.
    """

    def make(netlink: Any) -> None:
        peer = {"ifname": far.interface}
        if far.namespace is not None:
            peer["net_ns_fd"] = far.namespace
        netlink.link("add", ifname=near.interface, kind="veth", address=str(mac), peer=peer)
        prepare(near.interface)
        _up(netlink, near.interface)
        offload_checksums(near.interface, on=False)

    def connect(netlink: Any) -> None:
        if bridge is not None:
            # A bridge without an address of its own takes the lowest of its ports': never this one's.
            netlink.link("set", ifname=far.interface, address=f"fe{str(mac)[2:]}")
            netlink.link("set", ifname=far.interface, master=index_of(netlink, bridge))
        prepare(far.interface)
        _up(netlink, far.interface)
        offload_checksums(far.interface, on=False)

    with_netlink(near.namespace, make)
    with_netlink(far.namespace, connect)
    for end in (near, far):
        _await_carrier(end)


def add_macvlan(
    end: LinkEnd, parent: str, *, mac: MacAddress, prepare: Callable[[str], None] = lambda _: None
) -> None:
    """Create a macvlan with its own MAC on a network card; returns when it has carrier.

    ``prepare`` is called with its name before it is set up.

    Raises:
        LabError: it did not come up.
    """

    def make(netlink: Any) -> None:
        card = index_of(netlink, parent)
        netlink.link(
            "add", ifname=end.interface, kind="macvlan", link=card, macvlan_mode="bridge", address=str(mac)
        )
        prepare(end.interface)
        _up(netlink, end.interface)

    with_netlink(end.namespace, make)
    _await_carrier(end)


def add_address(end: LinkEnd, address: IPv4Interface) -> None:
    """Assign an IPv4 address to an interface."""

    def add(netlink: Any) -> None:
        index = index_of(netlink, end.interface)
        netlink.addr("add", index=index, address=str(address.ip), prefixlen=address.network.prefixlen)

    with_netlink(end.namespace, add)


def add_route(namespace: str, destination: IPv4Network, router: IPv4Address) -> None:
    """Send what is for ``destination`` to ``router`` from a namespace; it ends with the namespace."""
    with_netlink(
        namespace, lambda netlink: netlink.route("replace", dst=str(destination), gateway=str(router))
    )


def remove_route(namespace: str, destination: IPv4Network, router: IPv4Address) -> None:
    """End what ``add_route`` began."""
    with_netlink(namespace, lambda netlink: netlink.route("del", dst=str(destination), gateway=str(router)))


def set_mac(end: LinkEnd, mac: MacAddress) -> None:
    """Give an interface another Ethernet address."""
    with_netlink(end.namespace, lambda netlink: netlink.link("set", ifname=end.interface, address=str(mac)))


def join(end: LinkEnd, bridge: str) -> None:
    """Make an interface a port of a bridge of its namespace."""

    def set_master(netlink: Any) -> None:
        netlink.link("set", ifname=end.interface, master=index_of(netlink, bridge))

    with_netlink(end.namespace, set_master)


def bring_up(end: LinkEnd) -> None:
    """Set an interface up, such as the loopback of a new namespace."""
    with_netlink(end.namespace, lambda netlink: _up(netlink, end.interface))


@contextmanager
def down(end: LinkEnd) -> Iterator[None]:
    """An interface is down within it, as if its cable were unplugged, and up again after that."""
    with_netlink(end.namespace, lambda netlink: netlink.link("set", ifname=end.interface, state="down"))
    try:
        yield
    finally:
        bring_up(end)


def remove(end: LinkEnd) -> None:
    """Delete an interface, and the peer of a veth; it is no error if it does not exist."""
    with_netlink(end.namespace, lambda netlink: _delete(netlink, end.interface))


def move(end: LinkEnd, namespace: str) -> None:
    """Put an interface into another namespace, by name or path, and up; its addresses stay behind."""

    def leave(netlink: Any) -> None:
        netlink.link("set", index=index_of(netlink, end.interface), net_ns_fd=namespace)

    with_netlink(end.namespace, leave)
    with_netlink(namespace, lambda netlink: _up(netlink, end.interface))


def index_of(netlink: Any, interface: str) -> int:
    """The interface's index in the namespace of a netlink socket.

    Raises:
        OSError: ENODEV, there is no such interface.
    """
    indices: list[int] = list(netlink.link_lookup(ifname=interface))
    if not indices:
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV), interface)
    return indices[0]


def with_netlink(namespace: str | None, act: Callable[[Any], T]) -> T:
    """Call ``act`` with a netlink socket of the namespace (None for the caller's own).

    ``IPRoute(netns=…)`` would fork to open one, which a process with threads must not do.
    """

    def open_and_act() -> T:
        with IPRoute() as netlink:
            return act(netlink)

    return open_and_act() if namespace is None else in_namespace(namespace, open_and_act)


def _delete(netlink: Any, interface: str) -> bool:
    indices = netlink.link_lookup(ifname=interface)
    for index in indices:
        netlink.link("del", index=index)
    return bool(indices)


def _up(netlink: Any, interface: str) -> None:
    netlink.link("set", ifname=interface, state="up")


def _await_carrier(end: LinkEnd) -> None:
    def carrier(netlink: Any) -> bool | None:
        index = index_of(netlink, end.interface)
        [link] = netlink.get_links(index)
        return True if link.get("operstate") == "UP" else None

    eventually(
        f"link {end.interface}" + (f" in {end.namespace}" if end.namespace else ""),
        lambda: with_netlink(end.namespace, carrier),
        Wait.LINK,
        "look at it with ip -d link in that namespace",
    )


def offload_checksums(interface: str, *, on: bool) -> None:
    """Switch transmit checksum offload on or off, for an interface of the caller's namespace."""
    ethtool = Ethtool()
    try:
        ethtool.set_offload_flag(interface, "tx-checksumming", data=on)
    finally:
        ethtool.close()
