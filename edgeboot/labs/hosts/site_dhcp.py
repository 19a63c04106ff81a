"""A site's own DHCP server, which assigns addresses where the server under test is a ProxyDHCP.

``manifests/site-dhcp`` describes it: its address and MAC, and its dnsmasq.conf.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from ipaddress import IPv4Interface
from typing import Final

from edgeboot.base.deadline import Wait
from edgeboot.base.errors import LabError, NotAnswered
from edgeboot.base.mac import MacAddress
from edgeboot.base.paths import MANIFESTS
from edgeboot.labs.hosts.host import Host
from edgeboot.server.dnsmasq.ready import DNSMASQ_READY
from edgeboot.spec.manifests.network import machine_address

_MANIFESTS: Final = MANIFESTS / "site-dhcp"
AddHost = Callable[[str, IPv4Interface, MacAddress], AbstractContextManager[Host]]
"""By name, address and MAC: a machine on the segment as long as the context lasts."""
_CONFIG: Final = "/etc/edgeboot/dnsmasq.conf"


@contextlib.contextmanager
def site_dhcp(add_host: AddHost) -> Iterator[Host]:
    """The site's server on a lab's segment; it serves on return.

    Args:
        add_host: puts a machine on the segment: ``Lab.host``.

    Raises:
        LabError: it does not.
    """
    text = (_MANIFESTS / "dnsmasq.conf").read_text(encoding="utf-8")
    with (
        add_host("site-dhcp", *machine_address(_MANIFESTS / "network.yaml")) as host,
        dhcp_server_on(host, text),
    ):
        yield host


@contextlib.contextmanager
def dhcp_server_on(host: Host, config: str) -> Iterator[Host]:
    """A dnsmasq with this configuration on a host; it serves on return.

    Raises:
        LabError: it does not; with its last lines.
    """
    host.run("dnsmasq", "--no-daemon", f"--conf-file={_CONFIG}", files={_CONFIG: config})
    try:
        host.log.wait_for(DNSMASQ_READY, within=Wait.SERVER_START)
    except NotAnswered as error:
        raise LabError(f"DHCP server on {host.name}", str(error), "correct its configuration") from error
    yield host
    host.stop()
