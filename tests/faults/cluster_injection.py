"""Injections into the cluster, its users' behaviour and the lab's own cleanup; a context manager each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any, Final

import pytest
from kubernetes import client
from kubernetes.client.exceptions import ApiException

from edgeboot.base.deadline import Wait, eventually
from edgeboot.host.docker import docker, load_into_node
from edgeboot.host.libvirt.dhcp import NetworkState, RemovedDhcp
from edgeboot.host.libvirt.xml import dhcp_of, one_line
from edgeboot.labs.kind.edge_network import EdgeNetworkOwner
from edgeboot.labs.kind.pod import DeployedPod
from edgeboot.labs.kind.pod_server import PodServer
from edgeboot.server.pod.extra_pods import ScratchNamespace
from edgeboot.spec.manifests.deployment import POD

Body = dict[str, Any]

MIRRORED: Final = "localhost/mirror/dhcp-server:2.90"
POLICY: Final = "no-host-network"


@contextmanager
def mutating_webhook(change: Callable[[DeployedPod, Body], None]) -> Iterator[None]:
    """Changes Pods when they are applied, as a mutating webhook of the cluster does."""
    apply = DeployedPod.apply_object

    def other(pod: DeployedPod, dynamic: Any, body: Body) -> None:
        if body["kind"] == "Pod":
            change(pod, body)
        apply(pod, dynamic, body)

    with patched(DeployedPod, "apply_object", other):
        yield


def debug_webhook(_: DeployedPod, body: Body) -> None:
    """A webhook for debugging: Always restarted, unconfined, with SYS_PTRACE."""
    body["spec"] |= {"restartPolicy": "Always", "securityContext": {"seccompProfile": {"type": "Unconfined"}}}
    [container] = body["spec"]["containers"]
    container["securityContext"]["capabilities"]["add"].append("SYS_PTRACE")


def mirror_webhook(pod: DeployedPod, body: Body) -> None:
    """A webhook that replaces the image by the one in the site's registry."""
    [container] = body["spec"]["containers"]
    image, container["image"] = container["image"], MIRRORED
    container_id = docker("create", image).strip()
    docker("commit", "--change=LABEL from=mirror", container_id, MIRRORED)
    load_into_node(MIRRORED, pod.cluster.node)
    docker("rm", container_id)
    docker("rmi", MIRRORED)


@contextmanager
def pod_security_removed() -> Iterator[None]:
    """Leaves out the Pod Security labels of scratch namespaces."""
    with patched(ScratchNamespace, "enforce", lambda *_: None):
        yield


@contextmanager
def host_network_policy(*exempt: str) -> Iterator[None]:
    """A ValidatingAdmissionPolicy that forbids hostNetwork except in these namespaces and kube-system."""
    made: list[client.AdmissionregistrationV1Api] = []
    apply = DeployedPod.apply

    def apply_after_policy(pod: DeployedPod) -> None:
        if not made:
            made.append(client.AdmissionregistrationV1Api(pod.core.api_client))
            _forbid_host_network(made[0], pod.core, exempt)
        apply(pod)

    try:
        with patched(DeployedPod, "apply", apply_after_policy):
            yield
    finally:
        for api in made:
            api.delete_validating_admission_policy_binding(POLICY)
            api.delete_validating_admission_policy(POLICY)


def _forbid_host_network(
    api: client.AdmissionregistrationV1Api, core: client.CoreV1Api, exempt: tuple[str, ...]
) -> None:
    """Creates the policy and waits until it is in force, which is a moment after the API accepted it."""
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}
    names = {"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["kube-system", *exempt]}
    forbidden = {
        "expression": "!has(object.spec.hostNetwork) || !object.spec.hostNetwork",
        "message": "hostNetwork is not allowed here",
        "reason": "Forbidden",
    }
    spec = {"matchConstraints": {"resourceRules": [rule]}, "validations": [forbidden]}
    api.create_validating_admission_policy({"metadata": {"name": POLICY}, "spec": spec})
    binding = {
        "policyName": POLICY,
        "validationActions": ["Deny"],
        "matchResources": {"namespaceSelector": {"matchExpressions": [names]}},
    }
    api.create_validating_admission_policy_binding({"metadata": {"name": POLICY}, "spec": binding})
    container = {"name": "never", "image": "localhost/never"}
    probe = {"metadata": {"name": "never"}, "spec": {"hostNetwork": True, "containers": [container]}}

    def in_force() -> bool | None:
        try:
            core.create_namespaced_pod("default", probe, dry_run="All")
        except ApiException as error:
            return True if error.status == 403 and POLICY in str(error.body) else None
        return None

    eventually(f"policy {POLICY}", in_force, Wait.CLUSTER, "see the API server's log")


@contextmanager
def adopting_replica_set() -> Iterator[None]:
    """A ReplicaSet selects the Pod by its labels and becomes its controller.

    The Pods that it creates itself are never scheduled; it is removed while the lab creates its Pod again.
    """
    pods: list[DeployedPod] = []
    apply = DeployedPod.apply_object

    def apply_and_adopt(pod: DeployedPod, dynamic: Any, body: Body) -> None:
        if body["kind"] != "Pod":
            apply(pod, dynamic, body)
            return
        if pods:
            _remove_replica_set(pod)
        apply(pod, dynamic, body)
        _make_replica_set(pod, body)
        pods.append(pod)

    try:
        with patched(DeployedPod, "apply_object", apply_and_adopt):
            yield
    finally:
        for pod in pods[:1]:
            _remove_replica_set(pod)


def _make_replica_set(pod: DeployedPod, body: Body) -> None:
    labels = {name: value for name, value in body["metadata"]["labels"].items() if name.startswith("app.")}
    [container] = body["spec"]["containers"]
    never = {
        "schedulingGates": [{"name": "edgeboot.dev/never"}],
        "containers": [{"name": container["name"], "image": container["image"]}],
    }
    spec = {
        "replicas": 1,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": never},
    }
    apps = client.AppsV1Api(pod.core.api_client)
    apps.create_namespaced_replica_set(pod.namespace, {"metadata": {"name": POD}, "spec": spec})


def _remove_replica_set(pod: DeployedPod) -> None:
    apps = client.AppsV1Api(pod.core.api_client)
    apps.delete_namespaced_replica_set(POD, pod.namespace, propagation_policy="Background")


@contextmanager
def config_reloader() -> Iterator[None]:
    """A reloader that restarts the server as soon as its ConfigMap has changed."""
    edit = PodServer.edit_config

    def edit_and_restart(server: PodServer, config: Any) -> None:
        edit(server, config)
        server.restart()

    with patched(PodServer, "edit_config", edit_and_restart):
        yield


@contextmanager
def libvirt_dhcp_enabled_again() -> Iterator[None]:
    """Adds the ranges to the libvirt network again while a lab uses it."""
    switch = EdgeNetworkOwner.adopt

    def and_on_again(owner: EdgeNetworkOwner, network: Any) -> None:
        elements = tuple(one_line(each) for _, content in dhcp_of(network.XMLDesc()) for each in content)
        switch(owner, network)
        RemovedDhcp(owner.uri, network.name(), None, NetworkState.LIVE, 0, elements).undo()

    with patched(EdgeNetworkOwner, "adopt", and_on_again):
        yield


@contextmanager
def libvirt_dhcp_not_restored() -> Iterator[None]:
    """Ignores the journal's entries for libvirt's DHCP."""
    with patched(RemovedDhcp, "undo", lambda _: False):
        yield


@contextmanager
def libvirt_hosts_not_restored() -> Iterator[None]:
    """Restores the ranges of libvirt's DHCP, but not its hosts."""
    put_back = RemovedDhcp.undo

    def ranges_only(off: RemovedDhcp) -> bool:
        ranges = tuple(each for each in off.elements if each.startswith("<range"))
        return put_back(replace(off, elements=ranges))

    with patched(RemovedDhcp, "undo", ranges_only):
        yield


@contextmanager
def network_not_checked() -> Iterator[None]:
    """Uses any libvirt network that owns the lab's bridge, without checking it."""

    def adopt(owner: EdgeNetworkOwner, _: Any) -> None:
        owner.adopted = True

    with patched(EdgeNetworkOwner, "adopt", adopt):
        yield


@contextmanager
def patched(owner: type, name: str, value: object) -> Iterator[None]:
    """Replaces an attribute of a class while the context lasts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, value)
        yield


CLUSTER_INJECTIONS: Final[dict[str, Callable[[], AbstractContextManager[None]]]] = {
    "debug webhook": lambda: mutating_webhook(debug_webhook),
    "image mirror webhook": lambda: mutating_webhook(mirror_webhook),
    "Pod Security labels removed": pod_security_removed,
    "hostNetwork forbidden elsewhere": lambda: host_network_policy("orch-infra"),
    "hostNetwork forbidden everywhere": host_network_policy,
    "adopting ReplicaSet": adopting_replica_set,
    "config reloader": config_reloader,
    "libvirt DHCP enabled again": libvirt_dhcp_enabled_again,
    "libvirt DHCP not restored": libvirt_dhcp_not_restored,
    "libvirt hosts not restored": libvirt_hosts_not_restored,
    "network not checked": network_not_checked,
}
