"""Second servers that answer some clients or some messages only; each is a dnsmasq.conf."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from ipaddress import IPv4Interface
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.labs.hosts.site_dhcp import dhcp_server_on
from edgeboot.labs.netns.lab import NetnsLab

_MACHINE: Final = (IPv4Interface("192.168.99.66/24"), MacAddress.parse("52:54:00:66:66:66"))
_BASE: Final = "port=0\ninterface=eth0\nbind-interfaces\nno-ping\n"
_RANGE: Final = "dhcp-range=192.168.99.210,192.168.99.219,255.255.255.0,1h\n"


def _for(condition: str, *more: str) -> str:
    """A server that ignores whoever lacks what this line gives the tag ``own`` for."""
    return "\n".join((f"{_BASE}{_RANGE}{condition}", "dhcp-ignore=tag:!own", *more, ""))


PARTIAL_SERVERS: Final = {
    "server for HTTP Boot only": _for(
        "dhcp-match=set:own,option:client-arch,16",
        "dhcp-boot=http://192.168.99.66/other.efi",
        "dhcp-option-force=60,HTTPClient",
    ),
    "server for Windows only": _for("dhcp-vendorclass=set:own,MSFT"),
    "server for iPXE only": _for("dhcp-match=set:own,175", "dhcp-boot=http://192.168.99.66/other.ipxe"),
    "server that answers DHCPINFORM only": f"{_BASE}dhcp-range=192.168.99.0,static\n"
    "dhcp-option=252,http://192.168.99.66/wpad.dat\n",
    "ProxyDHCP for BIOS only": f"{_BASE}dhcp-range=192.168.99.0,proxy\npxe-service=x86PC,rescue,rescue\n",
    "server that waits": f"{_BASE}{_RANGE}dhcp-reply-delay=5\n",
    "server that waits longer": f"{_BASE}{_RANGE}dhcp-reply-delay=9\n",
    "server that refuses only": f"{_BASE}dhcp-range=10.66.0.1,10.66.0.9,255.255.255.0,1h\n"
    "dhcp-authoritative\n",
}
"""By what is told of it."""


@contextlib.contextmanager
def partial_server(lab: NetnsLab, name: str) -> Iterator[None]:
    """Runs one of them on a machine of its own."""
    with lab.host("second", *_MACHINE) as host, dhcp_server_on(host, PARTIAL_SERVERS[name]):
        yield
