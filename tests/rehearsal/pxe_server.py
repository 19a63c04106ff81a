"""The production chart's server on the site: a ProxyDHCP named pxe-server, beside libvirt's own DHCP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Final

from edgeboot.boot.files import boot_file
from edgeboot.contract import load_contract
from edgeboot.labs.kind.beside import remove_pods
from edgeboot.labs.kind.boot_files import put_boot_files
from edgeboot.labs.kind.watched_pod import WatchedPod
from edgeboot.manifests.deployment import load_deployment
from tests.rehearsal.site import NAMESPACE, Site

CONTRACT: Final = Path(__file__).with_name("pxe-server.toml")
_LABEL: Final = {"app.kubernetes.io/name": "pxe-server"}
_POD: Final = "pxe-server-5d8f7c9b6-x2x4v"
"""As a Deployment names its Pods: it is found by its label."""


@contextmanager
def pxe_server(site: Site) -> Iterator[None]:
    """It serves as long as the context lasts; of profile proxydhcp, with its boot files on the node."""
    put_boot_files(site.cluster.node, {load_contract(CONTRACT).bootfile: boot_file()})
    core = site.core
    objects = {each["kind"]: deepcopy(each) for each in load_deployment("proxydhcp").rendered.objects}
    for each in objects.values():
        each["metadata"]["labels"] = dict(_LABEL)
    objects["Pod"]["metadata"]["name"] = _POD
    core.create_namespaced_config_map(NAMESPACE, objects["ConfigMap"])
    core.create_namespaced_pod(NAMESPACE, objects["Pod"])
    WatchedPod(core, NAMESPACE, _POD).wait_until_running()
    try:
        yield
    finally:
        remove_pods(core, "app.kubernetes.io/name=pxe-server", NAMESPACE)
        core.delete_namespaced_config_map(objects["ConfigMap"]["metadata"]["name"], NAMESPACE)
