"""The deployed Pod: the rendered manifests, applied server-side, and what became of them."""

from __future__ import annotations

import hashlib
from copy import deepcopy
from typing import Any, Final

from kubernetes import client
from kubernetes.client.exceptions import ApiException

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.errors import LabError
from edgeboot.labs.kind.cluster import Cluster
from edgeboot.server.pod.extra_pods import RUN_LABEL, remove_leftovers, words
from edgeboot.server.pod.pod_status import WatchedPod
from edgeboot.spec.manifests.deployment import POD, Deployment

FIELD_MANAGER: Final = "edgeboot"
_CONFIG_HASH: Final = "edgeboot.dev/config-hash"
_TOUCHED: Final = "edgeboot.dev/touched"
_YOUNG_NODE: Final = ("node.kubernetes.io/not-ready", "node-role.kubernetes.io/control-plane")
"""Taints kind takes off at its end: a hostNetwork Pod need not wait for that."""


class DeployedPod(WatchedPod):
    """The dhcp-server Pod in its namespace."""

    def __init__(self, cluster: Cluster, deployment: Deployment, run: str) -> None:
        self._cluster = cluster
        self.run = run
        self.config = deployment.config
        self._objects = owned_objects(deployment, run)
        namespace = str(self._objects[0]["metadata"]["namespace"])
        super().__init__(client.CoreV1Api(cluster.api()), namespace, POD)

    def apply(self) -> None:
        """Namespace, ConfigMap and Pod by server-side apply; a Pod of an earlier run is replaced.

        Raises:
            LabError: the API server refuses an object; with its reason.
        """
        dynamic = self._cluster.dynamic()
        namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.namespace}}
        self._apply(dynamic, namespace)
        remove_leftovers(self.core, self.run)
        self.delete()
        # A Pod is refused while its namespace has no service account: made here, it need not
        # wait for the controller that would make it.
        account = {"name": "default", "namespace": self.namespace}
        self._apply(dynamic, {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": account})
        for each in sorted(self._objects, key=lambda each: each["kind"] == "Pod"):
            self._apply(dynamic, each)

    def roll(self) -> None:
        """A new Pod in place of the old one, with the ConfigMap as it is by now."""
        self.delete()
        self._apply(self._cluster.dynamic(), self.copy_of("Pod"))

    def edit_config(self, text: str) -> None:
        """Change the ConfigMap of the running Pod; the kubelet is told to look at once.

        By itself it looks every minute or so.
        """
        edited = self.copy_of("ConfigMap")
        data = {"data": dict.fromkeys(edited["data"], text)}
        self.core.patch_namespaced_config_map(edited["metadata"]["name"], self.namespace, data)
        touched = {"metadata": {"annotations": {_TOUCHED: _hash(text)}}}
        self.core.patch_namespaced_pod(POD, self.namespace, touched)

    def copy_of(self, kind: str) -> dict[str, Any]:
        """The object of a kind, as it is applied, to be changed."""
        return next(deepcopy(each) for each in self._objects if each["kind"] == kind)

    def delete(self) -> None:
        """Delete the Pod and wait until it is gone; one that is not there is fine."""
        pod = self.read()
        if pod is None:
            return
        try:
            # Without any grace the object would be gone before its container is.
            self.core.delete_namespaced_pod(POD, self.namespace, grace_period_seconds=1)
        except ApiException as error:
            if error.status != 404:
                raise LabError(
                    f"pod {POD}", f"cannot be deleted ({error.reason})", "see kubectl describe"
                ) from error
            return

        def gone() -> bool | None:
            found = self.read()  # Somebody may have made another meanwhile.
            return True if found is None or found.metadata.uid != pod.metadata.uid else None

        eventually(f"pod {POD}'s deletion", gone, Wait.CLUSTER, "see kubelet")

    def _apply(self, dynamic: Any, body: dict[str, Any]) -> None:
        where = f"{body['kind']} {body['metadata']['name']}"
        try:
            resource = dynamic.resources.get(api_version=body["apiVersion"], kind=body["kind"])
            resource.server_side_apply(
                body=body,
                name=body["metadata"]["name"],
                namespace=body["metadata"].get("namespace"),
                field_manager=FIELD_MANAGER,
                force_conflicts=True,
            )
        except ApiException as error:
            hint = "mend the manifest, or what refuses it"
            raise LabError(where, f"is refused ({words(error)})", hint) from error


def config_hash(deployment: Deployment) -> str:
    """What the Pod is annotated with: another configuration is another hash."""
    return _hash(deployment.config.text)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def owned_objects(deployment: Deployment, run: str) -> list[dict[str, Any]]:
    """What is rendered, with our labels and whatever else it needs to be applied."""
    return [_owned(each, run, deployment) for each in deployment.rendered.objects]


def _owned(original: dict[str, Any], run: str, deployment: Deployment) -> dict[str, Any]:
    """The object with our labels.

    The Pod also with its configuration's hash, allowed on a young node, and never pulling.
    """
    body = deepcopy(original)
    body["metadata"].setdefault("labels", {})[RUN_LABEL] = run
    if body["kind"] == "ConfigMap":
        body["data"] = dict.fromkeys(body["data"], deployment.config.text)
    if body["kind"] == "Pod":
        body["metadata"].setdefault("annotations", {})[_CONFIG_HASH] = config_hash(deployment)
        body["spec"]["tolerations"] = [{"key": key, "operator": "Exists"} for key in _YOUNG_NODE]
        for container in body["spec"]["containers"]:
            if container["image"].startswith("localhost/"):
                container["imagePullPolicy"] = "Never"
    return body
