"""The machines beside the server under test that a storm's nodes need, as the contract names them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from ipaddress import IPv4Interface

from edgeboot.labs.hosts.boot_server import PLACE, boot_server_on
from edgeboot.labs.hosts.site_dhcp import site_dhcp
from edgeboot.labs.protocol import Lab
from edgeboot.labs.settings import Settings
from edgeboot.spec.contract.contract import Role
from edgeboot.spec.manifests.network import machine_address


@contextlib.contextmanager
def storm_hosts(lab: Lab, settings: Settings, *, fetches: bool) -> Iterator[None]:
    """A site's own DHCP server beside a proxy, and the boot server, where the lab makes them.

    Args:
        lab: it is up.
        settings: with the contract.
        fetches: whether nodes read boot files.

    Raises:
        LabError: one of them does not serve.
    """
    contract = settings.contract
    with contextlib.ExitStack() as stack:
        if contract.role is Role.PROXY and lab.adds_site_dhcp:
            stack.enter_context(site_dhcp(lab.host))
        if fetches and lab.adds_site_dhcp and contract.web_server is not None and contract.bootfile:
            address = IPv4Interface(f"{contract.web_server}/{contract.netmask}")
            host = stack.enter_context(lab.host("boot", address, machine_address(PLACE)[1]))
            stack.enter_context(boot_server_on(host, {contract.boot_path: settings.boot_file}))
        yield
