"""Brings up the rehearsal's site: a libvirt network with DHCP, a kind cluster, a second tenant."""

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
from edgeboot.base.paths import MANIFESTS
from edgeboot.base.strict_model import read_yaml
from edgeboot.host import firewall
from edgeboot.host.docker import container_pid, load_into_node
from edgeboot.host.journal import Journal
from edgeboot.host.libvirt.connection import DEFAULT_URI, connected
from edgeboot.host.libvirt.dhcp import NetworkState, network_xml
from edgeboot.host.libvirt.network import LibvirtNetwork
from edgeboot.host.links import LinkEnd
from edgeboot.labs.kind.attachment import Cables
from edgeboot.labs.kind.cluster import Cluster
from edgeboot.labs.kind.options import KindOptions
from edgeboot.server.pod.api import remove_pods
from edgeboot.server.pod.pod_status import WatchedPod
from edgeboot.spec.manifests.deployment import POD, load_deployment
from edgeboot.spec.manifests.network import NODE_MACS, load_edge_network, load_node_interfaces
from tests.rehearsal.tenant import Tenant, tenant

NETWORK: Final = Path(__file__).with_name("edge-network.xml")
NAMESPACE: Final = "orch-infra"
NAME: Final = "orchestrator"
_TOKEN: Final = timedelta(hours=2)
_NAME_LABEL: Final = "app.kubernetes.io/name"


@dataclass(frozen=True)
class Site:
    """What an operator is given, and what the site's owner has."""

    kubeconfig: Path
    """Kubeconfig of the service account that has only the Role of manifests/rbac/deploy.yaml."""
    cluster: Cluster
    cables: Cables
    bridge: str
    tenant: Tenant
    uri: str = DEFAULT_URI

    @property
    def operator_environment(self) -> dict[str, str]:
        """What an operator knows of the site, as environment variables."""
        return {
            "EDGEBOOT_KUBECONFIG": str(self.kubeconfig),
            "EDGEBOOT_NAMESPACE": NAMESPACE,
            "EDGEBOOT_INTERFACE": self.bridge,
        }

    @property
    def core(self) -> client.CoreV1Api:
        """The owner's access to the cluster."""
        return client.CoreV1Api(self.cluster.api())

    @property
    def node_pid(self) -> int:
        """The process id of the node container's init."""
        pid = container_pid(self.cluster.node)
        assert pid is not None, f"{self.cluster.node} does not run"
        return pid


@contextmanager
def rehearsal(directory: Path) -> Iterator[Site]:
    """Brings up the site while the context lasts; everything is in a journal, as with the suite's labs.

    Args:
        directory: where the kubeconfig is written.
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
        await_account(client.CoreV1Api(cluster.api()), "default")
        cables = Cables(f"edgeboot-{run}-nodes", bridge, journal)
        cables.make_namespace()
        pid = container_pid(cluster.node)
        assert pid is not None
        cables.plug_in_node(pid, load_node_interfaces()[0], NODE_MACS[0])
        load_into_node(load_deployment("poc").pod.container.image, cluster.node)
        make_namespace(cluster)
        bind_role(cluster, "deploy")
        kubeconfig = account_kubeconfig(cluster, directory / "kubeconfig", _TOKEN)
        targets = [IPv4Address("192.168.99.1"), IPv4Address("192.168.99.10")]
        with tenant(cables.plug_in, cables.nodes_namespace, LinkEnd(None, bridge), targets) as guest:
            _await_lease(guest)
            yield Site(kubeconfig, cluster, cables, bridge, guest)


def _await_lease(guest: Tenant) -> None:
    """Until libvirt knows the tenant's lease: its dnsmasq tells it by a program, after the DHCPACK."""

    def known() -> bool | None:
        with connected(DEFAULT_URI) as connection:
            leases = connection.networkLookupByName(load_edge_network(NETWORK).name).DHCPLeases()
        return True if str(guest.address) in {each["ipaddr"] for each in leases} else None

    eventually(f"the tenant's lease of {guest.address} in libvirt", known, Wait.CLUSTER, "see libvirtd's log")


def _libvirt_network(journal: Journal) -> str:
    """Creates a persistent network with DHCP and autostart, as terraform's provider does; its bridge."""
    network = load_edge_network(NETWORK)
    if Path("/sys/class/net", network.bridge).exists():
        problem = "exists: another rehearsal or a kind lab is running on this machine"
        raise LabError(f"bridge {network.bridge}", problem, "wait for its end")
    with connected(DEFAULT_URI) as connection:
        journal.about_to_make(LibvirtNetwork(network.name, DEFAULT_URI))
        defined = connection.networkDefineXML(NETWORK.read_text(encoding="utf-8"))
        defined.setAutostart(1)
        defined.create()
    return network.bridge


def await_account(core: client.CoreV1Api, namespace: str) -> None:
    """Wait for the service account of a namespace, without which no Pod can be created there."""

    def exists() -> bool | None:
        try:
            core.read_namespaced_service_account("default", namespace)
        except (client.ApiException, urllib3.exceptions.HTTPError):
            return None
        return True

    eventually(f"service account of {namespace}", exists, Wait.CLUSTER, "see the controller manager's log")


def make_namespace(cluster: Cluster) -> None:
    """Create the Pod's namespace and wait for its service account, without which no Pod can be created."""
    core = client.CoreV1Api(cluster.api())
    core.create_namespace({"metadata": {"name": NAMESPACE}})
    await_account(core, NAMESPACE)


def bind_role(cluster: Cluster, role: str, without: tuple[str, str] | None = None) -> None:
    """Apply manifests/rbac/ROLE.yaml; ``without`` leaves out one verb of one resource."""
    dynamic = cluster.dynamic()
    for body in read_yaml(MANIFESTS / "rbac" / f"{role}.yaml", "manifests"):
        if without is not None and body["kind"] == "Role":
            rules = [_without_verb(rule, *without) for rule in body["rules"]]
            body["rules"] = [rule for rule in rules if rule["verbs"]]
        resource = dynamic.resources.get(api_version=body["apiVersion"], kind=body["kind"])
        resource.server_side_apply(
            body=body,
            name=body["metadata"]["name"],
            namespace=NAMESPACE,
            field_manager="operator",
            force_conflicts=True,
        )


def _without_verb(rule: dict[str, Any], verb: str, resource: str) -> dict[str, Any]:
    if resource not in rule["resources"]:
        return rule
    return rule | {"verbs": [each for each in rule["verbs"] if each != verb]}


@contextmanager
def site_server(
    site: Site, config: str | None = None, label: str = "dhcp-server", *, profile: str = "poc", pod: str = POD
) -> Iterator[None]:
    """Deploys the site's own DHCP server, as its owner does; it runs while the context lasts.

    Args:
        site: the site to deploy to.
        config: the text of a dnsmasq.conf that replaces the profile's.
        label: the value of the label app.kubernetes.io/name.
        profile: the profile whose manifests are deployed.
        pod: the name of the Pod.
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
    """Write a kubeconfig with a token of the service account ``edgeboot`` that expires after ``lifetime``."""
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


def network_xmls(uri: str) -> tuple[str, str]:
    """libvirt's XML of the site's network: the running one and its definition."""
    with connected(uri) as connection:
        network = connection.networkLookupByName(load_edge_network(NETWORK).name)
        return network_xml(network, NetworkState.LIVE), network_xml(network, NetworkState.PERSISTENT)
