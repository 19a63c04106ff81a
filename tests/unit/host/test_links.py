"""Interfaces by netlink: found by their names, moved to another namespace."""

from __future__ import annotations

import errno
from typing import Any

import pytest

from edgeboot.base.mac import MacAddress
from edgeboot.host.links import LinkEnd, add_bridge, add_veth, index_of, move, with_netlink

MACS = (MacAddress.parse("52:54:00:00:00:01"), MacAddress.parse("02:eb:00:00:00:01"))


def test_interface_that_is_not_there_is_named(namespace: str) -> None:
    """As the kernel would say it."""
    with pytest.raises(OSError, match="No such device: 'absent0'") as raised:
        with_netlink(namespace, lambda netlink: index_of(netlink, "absent0"))
    assert raised.value.errno == errno.ENODEV


def test_moved_interface_is_up_in_the_other_namespace(cable: str, other_namespace: str) -> None:
    """And no longer where it was."""
    move(LinkEnd(cable, "far"), other_namespace)
    [link] = with_netlink(other_namespace, lambda netlink: netlink.get_links(ifname="far"))
    assert link["flags"] & 1, "IFF_UP"
    with pytest.raises(OSError, match="far"):
        with_netlink(cable, lambda netlink: index_of(netlink, "far"))


def test_bridge_keeps_its_mac_where_a_port_is_added(namespace: str) -> None:
    """Its neighbours know it by that, and would lose it until they ask by ARP again."""

    def mac(netlink: Any) -> str:
        [link] = netlink.get_links(ifname="bridge")
        return str(link.get("address"))

    add_bridge(LinkEnd(namespace, "bridge"), None)
    add_veth(LinkEnd(namespace, "one"), LinkEnd(namespace, "port1"), mac=MACS[0], bridge="bridge")
    before = with_netlink(namespace, mac)
    for number in range(8):
        near, far = LinkEnd(namespace, f"n{number}"), LinkEnd(namespace, f"p{number}")
        add_veth(near, far, mac=MACS[1], bridge="bridge")
    assert with_netlink(namespace, mac) == before
