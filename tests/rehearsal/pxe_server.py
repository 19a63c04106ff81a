"""The production chart's server on the site: a ProxyDHCP named pxe-server beside libvirt's own DHCP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final

from edgeboot.labs.hosts.boot_files import boot_file
from edgeboot.labs.kind.boot_files import put_boot_files
from edgeboot.spec.contract.reading import load_contract
from edgeboot.spec.manifests.deployment import BOOT_FILES
from tests.rehearsal.site import Site, site_server

CONTRACT: Final = Path(__file__).with_name("pxe-server.toml")
_POD: Final = "pxe-server-5d8f7c9b6-x2x4v"
"""A name as a Deployment gives it: the Pod is found by its label."""


@contextmanager
def pxe_server(site: Site) -> Iterator[None]:
    """Deploys the server of profile proxydhcp, with its boot files on the node, while the context lasts."""
    files = {load_contract(CONTRACT).bootfile: boot_file()}
    put_boot_files(site.cluster.node, PurePosixPath(BOOT_FILES), files)
    with site_server(site, label="pxe-server", profile="proxydhcp", pod=_POD):
        yield
