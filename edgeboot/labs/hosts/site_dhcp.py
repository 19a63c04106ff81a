"""A site's own DHCP server, which gives the addresses where the server under test is a ProxyDHCP.

``manifests/site-dhcp`` describes it: its address and MAC, and its dnsmasq.conf.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

from edgeboot.base.deadline import Wait
from edgeboot.base.errors import LabError, NotAnswered
from edgeboot.base.paths import MANIFESTS
from edgeboot.labs.hosts.host import Host
from edgeboot.labs.netns.server import DNSMASQ_READY
from edgeboot.labs.protocol import Lab
from edgeboot.spec.manifests.network import place_of

_MANIFESTS: Final = MANIFESTS / "site-dhcp"
_CONFIG: Final = "/etc/edgeboot/dnsmasq.conf"


@contextlib.contextmanager
def site_dhcp(lab: Lab) -> Iterator[Host]:
    """The site's server on the lab's segment; it serves on return.

    Raises:
        LabError: it does not.
    """
    text = (_MANIFESTS / "dnsmasq.conf").read_text(encoding="utf-8")
    with lab.host("site-dhcp", *place_of(_MANIFESTS / "network.yaml")) as host, dhcp_server_on(host, text):
        yield host


@contextlib.contextmanager
def dhcp_server_on(host: Host, config: str) -> Iterator[Host]:
    """A dnsmasq with this configuration on a host; it serves on return.

    Raises:
        LabError: it does not; with its last words.
    """
    host.run("dnsmasq", "--no-daemon", f"--conf-file={_CONFIG}", files={_CONFIG: config})
    try:
        host.log.wait_for(DNSMASQ_READY, within=Wait.SERVER_START)
    except NotAnswered as error:
        raise LabError(f"DHCP server on {host.name}", str(error), "mend its configuration") from error
    yield host
    host.stop()
