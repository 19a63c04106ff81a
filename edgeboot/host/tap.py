"""TAP interfaces: where a virtual machine's network card meets a bridge (Linux ``tuntap``)."""

from __future__ import annotations

from typing import Any

from edgeboot.host.links import LinkEnd, index_of, with_netlink


def add_tap(end: LinkEnd, bridge: str) -> None:
    """Create a TAP interface that is a port of a bridge of its namespace.

    It stays until its namespace or it is removed, and has carrier as long as a program has opened it.

    Raises:
        OSError: the kernel refuses; /dev/net/tun is missing.
    """

    def make(netlink: Any) -> None:
        netlink.link("add", ifname=end.interface, kind="tuntap", mode="tap")
        netlink.link("set", ifname=end.interface, master=index_of(netlink, bridge), state="up")

    with_netlink(end.namespace, make)
