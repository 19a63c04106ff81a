"""The production chart's server on the site: a ProxyDHCP named pxe-server, beside libvirt's own DHCP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from edgeboot.labs.hosts.boot_files import boot_file
from edgeboot.labs.kind.boot_files import put_boot_files
from edgeboot.spec.contract.contract import load_contract
from tests.rehearsal.site import Site, server_of_the_site

CONTRACT: Final = Path(__file__).with_name("pxe-server.toml")
_POD: Final = "pxe-server-5d8f7c9b6-x2x4v"
"""As a Deployment names its Pods: it is found by its label."""


@contextmanager
def pxe_server(site: Site) -> Iterator[None]:
    """It serves as long as the context lasts; of profile proxydhcp, with its boot files on the node."""
    put_boot_files(site.cluster.node, {load_contract(CONTRACT).bootfile: boot_file()})
    with server_of_the_site(site, label="pxe-server", profile="proxydhcp", pod=_POD):
        yield
