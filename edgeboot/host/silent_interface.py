"""Keeps the kernel's own protocols off an interface whose frames are the suite's, by netlink alone.

A container has /proc/sys read-only. On a node of a cluster forwarding is on, and the kernel would send what
arrives for an edge node back onto the segment, from an address of this machine.
"""

from __future__ import annotations

import errno
import os
import socket
import struct
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from edgeboot.host.links import index_of, with_netlink

_NO_ARP: Final = 1 << 7
"""IFF_NOARP."""
_REQUEST_AND_ACK: Final = 0x5
_ERROR: Final = 2
_NEW_LINK: Final = 16
_AF_SPEC: Final = 26 | 1 << 15
"""IFLA_AF_SPEC, which is nested (linux/if_link.h)."""
_INET_CONF: Final = 1
_ADDR_GEN_MODE: Final = 8
_NONE: Final = 1
_FORWARDING, _RP_FILTER, _ARP_IGNORE = 1, 8, 19
"""Of linux/ip.h's IPV4_DEVCONF_…; their values are those of ip-sysctl."""
_IPV4: Final = {_FORWARDING: 0, _RP_FILTER: 1, _ARP_IGNORE: 8}


def silence(interface: str) -> None:
    """Keep the kernel from sending, answering or forwarding anything on an interface that is not up yet.

    Raises:
        OSError: the kernel refuses; it needs CAP_NET_ADMIN.
    """
    with_netlink(None, lambda netlink: _without_arp(netlink, interface))
    settings = b"".join(_attribute(which, struct.pack("=I", value)) for which, value in _IPV4.items())
    _set(interface, _attribute(socket.AF_INET, _attribute(_INET_CONF, settings)))
    try:
        Path(f"/proc/sys/net/ipv6/conf/{interface}/disable_ipv6").write_text("1", encoding="ascii")
    except OSError:  # A read-only /proc/sys, or a kernel without IPv6.
        with suppress(OSError):
            mode = struct.pack("=B", _NONE)
            _set(interface, _attribute(socket.AF_INET6, _attribute(_ADDR_GEN_MODE, mode)))


def _without_arp(netlink: Any, interface: str) -> None:
    index = index_of(netlink, interface)
    netlink.link("set", index=index, flags=_NO_ARP, change=_NO_ARP)


def _set(interface: str, of_family: bytes) -> None:
    """RTM_NEWLINK with the settings of one address family, of which pyroute2 writes none."""
    body = struct.pack("=BxHiII", socket.AF_UNSPEC, 0, socket.if_nametoindex(interface), 0, 0)
    body += _attribute(_AF_SPEC, of_family)
    header = struct.pack("=IHHII", 16 + len(body), _NEW_LINK, _REQUEST_AND_ACK, 1, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as netlink:
        netlink.send(header + body)
        answer = netlink.recv(4096)
    kind, problem = struct.unpack_from("=4xH10xi", answer)
    if kind != _ERROR or problem:
        code = -problem if kind == _ERROR else errno.EPROTO
        raise OSError(code, os.strerror(code), interface)


def _attribute(kind: int, value: bytes) -> bytes:
    """A netlink attribute, padded to four octets."""
    return struct.pack("=HH", 4 + len(value), kind) + value + b"\0" * (-len(value) % 4)
