"""Interfaces by netlink: found by their names, moved to another namespace."""

from __future__ import annotations

import errno

import pytest

from edgeboot.host.links import LinkEnd, index_of, move, with_netlink


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
