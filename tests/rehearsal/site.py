"""Brings up "the Orchestrator" as a site: a libvirt network with DHCP on, a cluster, a tenant."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any, Final

import urllib3
import yaml
from kubernetes import client

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.errors import LabError
from edgeboot.base.mac import MacAddress
from edgeboot.base.paths import MANIFESTS
from edgeboot.base.strict_model import read_yaml
from edgeboot.labs.kind.attachment import Cables
from edgeboot.labs.kind.cluster import Cluster
from edgeboot.labs.kind.options import KindOptions
from edgeboot.machine import firewall
from edgeboot.machine.docker import container_pid, load_into_node
from edgeboot.machine.journal import Journal
from edgeboot.machine.libvirt.connection import DEFAULT_URI, connected
from edgeboot.machine.libvirt.dhcp import NetworkState, network_xml
from edgeboot.machine.libvirt.network import LibvirtNetwork
from edgeboot.server.pod.api import remove_pods
from edgeboot.server.pod.pod_status import WatchedPod
from edgeboot.spec.manifests.deployment import POD, load_deployment
from edgeboot.spec.manifests.network import load_edge_network, load_node_interfaces
from tests.rehearsal.tenant import Tenant, tenant

NETWORK: Final = Path(__file__).with_name("edge-network.xml")
NAMESPACE: Final = "orch-infra"
NAME: Final = "orchestrator"
NODE_MAC: Final = MacAddress.parse("52:54:00:12:34:56")
_TOKEN: Final = timedelta(hours=2)
_NAME_LABEL: Final = "app.kubernetes.io/name"


@dataclass(frozen=True)
class Site:
    """What a stranger is given, and what its owner has."""

    kubeconfig: Path
    """Of the service account with the Role of manifests/rbac/deploy.yaml, and nothing else."""
    cluster: Cluster
    cables: Cables
    bridge: str
    tenant: Tenant
    uri: str = DEFAULT_URI

    @property
    def given(self) -> dict[str, str]:
        """What a stranger is told, as environment variables."""
        return {
            "EDGEBOOT_KUBECONFIG": str(self.kubeconfig),
            "EDGEBOOT_NAMESPACE": NAMESPACE,
            "EDGEBOOT_INTERFACE": self.bridge,
        }

    @property
    def core(self) -> client.CoreV1Api:
        """The owner's own way into his cluster."""
        return client.CoreV1Api(self.cluster.api())

    @property
    def node_pid(self) -> int:
        """The node's init."""
        pid = container_pid(self.cluster.node)
        assert pid is not None, f"{self.cluster.node} does not run"
        return pid


@contextmanager
def rehearsal(directory: Path) -> Iterator[Site]:
    """The site, as long as the context lasts; everything is in a journal, as the suite's own labs are.

    Args:
        directory: for the kubeconfig.
    """
    run = f"{secrets.token_hex(3)}-site"
    with Journal(run) as journal:
        bridge = _libvirt_network(journal)
        firewall.let_pass(bridge, run, journal)
        cluster = Cluster(
            KindOptions(cluster_name=NAME, image=os.environ.get("EDGEBOOT_KIND_IMAGE")), journal
        )
        cluster.up()
        cluster.early_kubeconfig()
        _await_account(client.CoreV1Api(cluster.api()), "default")
        cables = Cables(f"edgeboot-{run}-nodes", bridge, journal)
        cables.lay()
        pid = container_pid(cluster.node)
        assert pid is not None
        cables.plug_in_node(pid, load_node_interfaces()[0], NODE_MAC)
        load_into_node(load_deployment("poc").pod.container.image, cluster.node)
        make_namespace(cluster)
        bind(cluster, "deploy")
        kubeconfig = account_kubeconfig(cluster, directory / "kubeconfig", _TOKEN)
        with tenant(cables, bridge, [IPv4Address("192.168.99.1"), IPv4Address("192.168.99.10")]) as guest:
            yield Site(kubeconfig, cluster, cables, bridge, guest)


def _libvirt_network(journal: Journal) -> str:
    """A persistent one that starts with the host, its DHCP on, as terraform's provider makes it."""
    network = load_edge_network(NETWORK)
    if Path("/sys/class/net", network.bridge).exists():
        problem = "exists: another rehearsal, or a kind lab, is at work on this machine"
        raise LabError(f"bridge {network.bridge}", problem, "wait for its end")
    with connected(DEFAULT_URI) as connection:
        journal.about_to_make(LibvirtNetwork(network.name, DEFAULT_URI))
        made = connection.networkDefineXML(NETWORK.read_text(encoding="utf-8"))
        made.setAutostart(1)
        made.create()
    return network.bridge


def _await_account(core: client.CoreV1Api, namespace: str) -> None:
    def made() -> bool | None:
        try:
            core.read_namespaced_service_account("default", namespace)
        except (client.ApiException, urllib3.exceptions.HTTPError):
            return None
        return True

    eventually(f"service account of {namespace}", made, Wait.CLUSTER, "see the controller manager's log")


def make_namespace(cluster: Cluster) -> None:
    """The Pod's namespace, with the service account without which no Pod is made in it."""
    core = client.CoreV1Api(cluster.api())
    core.create_namespace({"metadata": {"name": NAMESPACE}})
    _await_account(core, NAMESPACE)


def bind(cluster: Cluster, role: str, without: tuple[str, str] | None = None) -> None:
    """Apply manifests/rbac/ROLE.yaml as an operator does; ``without`` leaves out one verb of one resource."""
    dynamic = cluster.dynamic()
    for body in read_yaml(MANIFESTS / "rbac" / f"{role}.yaml", "manifests"):
        if without is not None and body["kind"] == "Role":
            rules = [_less(rule, *without) for rule in body["rules"]]
            body["rules"] = [rule for rule in rules if rule["verbs"]]
        resource = dynamic.resources.get(api_version=body["apiVersion"], kind=body["kind"])
        resource.server_side_apply(
            body=body,
            name=body["metadata"]["name"],
            namespace=NAMESPACE,
            field_manager="operator",
            force_conflicts=True,
        )


def _less(rule: dict[str, Any], verb: str, resource: str) -> dict[str, Any]:
    if resource not in rule["resources"]:
        return rule
    return rule | {"verbs": [each for each in rule["verbs"] if each != verb]}


@contextmanager
def server_of_the_site(
    site: Site, config: str | None = None, label: str = "dhcp-server", *, profile: str = "poc", pod: str = POD
) -> Iterator[None]:
    """The site's own DHCP server, deployed by its owner; it runs as long as the context lasts.

    Args:
        site: where.
        config: a dnsmasq.conf in place of the profile's.
        label: the value of app.kubernetes.io/name, as another chart would have it.
        profile: whose manifests.
        pod: what the Pod is called.
    """
    bodies = {each["kind"]: deepcopy(each) for each in load_deployment(profile).rendered.objects}
    for body in bodies.values():
        body["metadata"]["labels"] = {_NAME_LABEL: label}
    bodies["Pod"]["metadata"]["name"] = pod
    config_map, core = bodies["ConfigMap"], site.core
    if config is not None:
        config_map["data"] = dict.fromkeys(config_map["data"], config)
    core.create_namespaced_config_map(NAMESPACE, config_map)
    core.create_namespaced_pod(NAMESPACE, bodies["Pod"])
    WatchedPod(core, NAMESPACE, pod).wait_until_running()
    try:
        yield
    finally:
        remove_pods(core, f"{_NAME_LABEL}={label}", NAMESPACE)
        core.delete_namespaced_config_map(config_map["metadata"]["name"], NAMESPACE)


def account_kubeconfig(cluster: Cluster, path: Path, lifetime: timedelta) -> Path:
    """A kubeconfig with a token of the service account ``edgeboot``, which ends by itself."""
    request = client.AuthenticationV1TokenRequest(
        spec=client.V1TokenRequestSpec(audiences=[], expiration_seconds=int(lifetime.total_seconds()))
    )
    core = client.CoreV1Api(cluster.api())
    token = core.create_namespaced_service_account_token("edgeboot", NAMESPACE, request).status.token
    admin = yaml.safe_load(cluster.kubeconfig.read_text(encoding="utf-8"))
    admin["users"] = [{"name": "edgeboot", "user": {"token": token}}]
    admin["contexts"] = [
        {"name": "site", "context": {"cluster": admin["clusters"][0]["name"], "user": "edgeboot"}}
    ]
    admin["current-context"] = "site"
    path.write_text(yaml.safe_dump(admin), encoding="utf-8")
    path.chmod(0o600)
    return path


def network_xmls() -> tuple[str, str]:
    """The site's libvirt network, running and defined, in libvirt's words."""
    with connected(DEFAULT_URI) as connection:
        network = connection.networkLookupByName(load_edge_network(NETWORK).name)
        return network_xml(network, NetworkState.LIVE), network_xml(network, NetworkState.PERSISTENT)
